import type { TextArena } from "./text-arena.ts"
import type { TextFile } from "./text-file.ts"

/** Texts of this many bytes or more are decoded, or copied to a batch, once for all the cells that share them. */
const longBytes = 1024
/** Bytes of long texts that stay decoded. */
const keptBytes = 8 * 1024 * 1024

/** The workbook's table of texts, by index. It is in memory, or in a temporary file if it is large. */
export class SharedStrings {
  readonly count: number
  /** The concatenated texts, if they are in memory. */
  readonly bytes: Buffer | undefined
  /** The offset of each text, and the end of the last one. */
  readonly offsets: Uint32Array
  readonly #file: TextFile | undefined
  readonly #faults: Uint8Array | undefined
  /** Long texts that were decoded. */
  readonly #kept = new Map<number, string>()
  #keptBytes = 0

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

  isLong(index: number): boolean {
    return this.byteLength(index) >= longBytes
  }

  isEmpty(index: number): boolean {
    return this.offsets[index] === this.offsets[index + 1]
  }

  /** A text, or its first `maxBytes` bytes. */
  text(index: number, maxBytes = Number.POSITIVE_INFINITY): string {
    const start = this.offsets[index] ?? 0
    const end = this.offsets[index + 1] ?? start
    if (end - start < longBytes || end - start > maxBytes) return this.#decode(start, Math.min(end, start + maxBytes))
    const known = this.#kept.get(index)
    if (known !== undefined) return known
    const text = this.#decode(start, end)
    if (this.#keptBytes + end - start <= keptBytes) {
      this.#keptBytes += end - start
      this.#kept.set(index, text)
    }
    return text
  }

  #decode(start: number, end: number): string {
    return this.bytes?.toString("utf8", start, end) ?? (this.#file as TextFile).text(start, end)
  }

  /** Deletes the temporary file, if there is one. */
  close(): void {
    this.#file?.close()
  }
}
