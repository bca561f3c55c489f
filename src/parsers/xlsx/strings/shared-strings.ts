import type { TextArena } from "./text-arena.ts"
import type { TextFile } from "./text-file.ts"

/** The workbook's table of texts, by index. It is in memory, or in a temporary file if it is large. */
export class SharedStrings {
  readonly count: number
  /** The concatenated texts, if they are in memory. */
  readonly bytes: Buffer | undefined
  /** The offset of each text, and the end of the last one. */
  readonly offsets: Uint32Array
  readonly #file: TextFile | undefined
  readonly #faults: Uint8Array | undefined

  constructor(count: number, offsets: Uint32Array, texts: Buffer | TextFile, faults?: Uint8Array) {
    this.count = count
    this.offsets = offsets
    this.bytes = Buffer.isBuffer(texts) ? texts : undefined
    this.#file = Buffer.isBuffer(texts) ? undefined : texts
    this.#faults = faults
  }

  /** The faults of a text, as bits (see `TextArena`). */
  faults(index: number): number {
    return this.#faults?.[index] ?? 0
  }

  /** Appends a text to an arena unchanged. */
  copyTo(arena: TextArena, index: number): void {
    const start = this.offsets[index] ?? 0
    const end = this.offsets[index + 1] ?? start
    if (this.#file === undefined) arena.copy(this.bytes as Buffer, start, end)
    else this.#file.copyTo(arena, start, end)
  }

  /** Bytes of the longest text. */
  get longest(): number {
    let longest = 0
    for (let index = 0; index < this.count; index++) {
      const length = (this.offsets[index + 1] as number) - (this.offsets[index] as number)
      if (length > longest) longest = length
    }
    return longest
  }

  get hasFaults(): boolean {
    return this.#faults !== undefined
  }

  byteLength(index: number): number {
    return (this.offsets[index + 1] as number) - (this.offsets[index] as number)
  }

  isEmpty(index: number): boolean {
    return this.offsets[index] === this.offsets[index + 1]
  }

  /** A text, or its first `maxBytes` bytes. */
  text(index: number, maxBytes = Number.POSITIVE_INFINITY): string {
    const start = this.offsets[index] ?? 0
    const end = Math.min(this.offsets[index + 1] ?? start, start + maxBytes)
    return this.bytes?.toString("utf8", start, end) ?? (this.#file as TextFile).text(start, end)
  }

  /** Deletes the temporary file, if there is one. */
  close(): void {
    this.#file?.close()
  }
}
