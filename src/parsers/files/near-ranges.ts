import type { SourceFile } from "../../contract/source.ts"
import { readRange } from "./read-range.ts"

/** Ranges up to this size may share a read with those behind them. */
const nearBytes = 64 * 1024
const mostBytes = 256 * 1024

/**
 * Ranges of a file that are asked for one after another. Short neighbours come out of one read: to open the file again for each of thousands
 * costs many times what their bytes do. A read goes as far ahead as the ranges before it followed one another: what is left out is not read.
 */
export class NearRanges {
  readonly #file: SourceFile
  /** Where the last range of the file ends. */
  readonly #end: number
  #block: Promise<Buffer> | undefined
  #blockStart = 0
  #blockEnd = 0
  /** Bytes that were read one behind the other, up to where the last range ends. */
  #run = 0
  #lastEnd = 0

  constructor(file: SourceFile, end: number) {
    this.#file = file
    this.#end = end
  }

  /** The bytes from `start` up to `end`, in memory of their own. */
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
    // A range that is held would hold its block.
    return Buffer.from(block.subarray(from, from + end - start))
  }

  /** The same bytes, those of a long range piece by piece. */
  async *stream(start: number, end: number): AsyncGenerator<Uint8Array, void, undefined> {
    if (end - start > nearBytes) yield* this.#file.stream({ start, end })
    else yield await this.read(start, end)
  }
}
