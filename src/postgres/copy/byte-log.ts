import { SpillFile } from "../retain/spill-file.ts"

const newline = 10

/** Lines that were sent and may have to be sent again. If they take too much memory, they move to a temporary file. */
export class ByteLog implements AsyncDisposable {
  readonly #memoryBytes: number
  #pieces: Uint8Array[] = []
  #bytes = 0
  #spill: SpillFile | undefined

  constructor(memoryBytes: number) {
    this.#memoryBytes = memoryBytes
  }

  /** Bytes since the last `clear`. */
  get length(): number {
    return this.#bytes + (this.#spill?.length ?? 0)
  }

  /** Keeps bytes that nobody will change. A piece may end within a line. */
  async add(bytes: Uint8Array): Promise<void> {
    if (bytes.length === 0) return
    this.#pieces.push(bytes)
    this.#bytes += bytes.length
    if (this.#bytes <= this.#memoryBytes) return
    this.#spill ??= await SpillFile.create()
    for (const piece of this.#pieces) await this.#spill.append(piece)
    this.#pieces = []
    this.#bytes = 0
  }

  /** The lines from `from`, counted from 0, up to before `to`. */
  async *lines(from: number, to: number): AsyncGenerator<Uint8Array, void, undefined> {
    let line = 0
    for await (const piece of this.all()) {
      if (line >= to) return
      const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.length)
      let start = 0
      while (line < from && start < bytes.length) {
        const end = bytes.indexOf(newline, start)
        start = end < 0 ? bytes.length : end + 1
        if (end >= 0) line++
      }
      let stop = start
      while (line < to && stop < bytes.length) {
        const end = bytes.indexOf(newline, stop)
        stop = end < 0 ? bytes.length : end + 1
        if (end >= 0) line++
      }
      if (stop > start) yield bytes.subarray(start, stop)
    }
  }

  async clear(): Promise<void> {
    this.#pieces = []
    this.#bytes = 0
    await this.#spill?.close()
    this.#spill = undefined
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.clear()
  }

  /** All lines, in pieces that may end within a line. */
  async *all(): AsyncGenerator<Uint8Array, void, undefined> {
    if (this.#spill !== undefined) yield* this.#spill.read()
    yield* this.#pieces
  }
}
