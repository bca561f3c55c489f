import type { SourceFile } from "../../contract/source.ts"
import { readRange } from "./read-range.ts"

/** Ranges up to this size may share a read with the next ones. */
const nearBytes = 64 * 1024
const mostBytes = 256 * 1024

/**
 * Reads ranges of a file one after another. Short neighbouring ranges share a read, because opening the file for each of thousands costs much more
 * than reading their bytes. A read goes ahead only as far as the last ranges followed one another, so bytes that nobody needs are not read.
 */
export class NearRanges {
  readonly #file: SourceFile
  /** Where the last range of the file ends. */
  readonly #end: number
  #block: Promise<Buffer> | undefined
  #blockStart = 0
  #blockEnd = 0
  /** How many bytes were read without a gap, up to the end of the last range. */
  #run = 0
  #lastEnd = 0

  constructor(file: SourceFile, end: number) {
    this.#file = file
    this.#end = end
  }

  /** The bytes from `start` up to `end`, as a copy. */
  async read(start: number, end: number): Promise<Buffer> {
    if (end - start > nearBytes) return readRange(this.#file, start, end)
    this.#run = Math.abs(start - this.#lastEnd) <= nearBytes ? this.#run + end - start : 0
    this.#lastEnd = end
    if (this.#block === undefined || start < this.#blockStart || end > this.#blockEnd) {
      this.#blockStart = start
      this.#blockEnd = Math.max(end, Math.min(start + Math.min(2 * this.#run, mostBytes), this.#end))
      this.#block = readRange(this.#file, start, this.#blockEnd)
    }
    const from = start - this.#blockStart
    const block = await this.#block
    // A view would keep the whole block in memory.
    return Buffer.from(block.subarray(from, from + end - start))
  }

  /** The same bytes as a stream; a long range comes in pieces. */
  async *stream(start: number, end: number): AsyncGenerator<Uint8Array, void, undefined> {
    if (end - start > nearBytes) yield* this.#file.stream({ start, end })
    else yield await this.read(start, end)
  }
}
