import type { ByteRanges } from "../../model/column.ts"
import { BytesColumn } from "../../model/columns/bytes-column.ts"
import type { NullMask } from "../../model/null-mask.ts"

/**
 * Rebuilds a text column of which some cells get other text. As long as none does, the column itself is the result: exports that are
 * clean already cost no copy.
 */
export class TextRewriter {
  readonly #column: BytesColumn
  #buffer: Buffer | undefined
  #end = 0
  #starts: Uint32Array
  #ends: Uint32Array

  constructor(column: BytesColumn) {
    this.#column = column
    this.#starts = column.starts
    this.#ends = column.ends
  }

  /** Gives a row a part of its own range. */
  narrow(row: number, start: number, end: number): void {
    if (this.#starts[row] === start && this.#ends[row] === end) return
    this.#own()
    this.#starts[row] = start
    this.#ends[row] = end
  }

  /** Gives a row ASCII or UTF-8 text of its own. */
  put(row: number, text: string): void {
    this.#own()
    const room = text.length * 3
    if (this.#buffer === undefined || this.#buffer.length < this.#end + room) this.#grow(room)
    const start = this.#end
    this.#end += this.#buffer?.write(text, start) ?? 0
    this.#starts[row] = start
    this.#ends[row] = this.#end
  }

  /** Gives a row its own bytes with some ASCII behind them. */
  append(row: number, ending: string): void {
    this.#own()
    const { bytes, starts, ends } = this.#column
    const from = starts[row] ?? 0
    const to = ends[row] ?? 0
    const room = to - from + ending.length
    if (this.#buffer === undefined || this.#buffer.length < this.#end + room) this.#grow(room)
    const buffer = this.#buffer ?? bytes
    const start = this.#end
    let end = start
    for (let at = from; at < to; at++) buffer[end++] = bytes[at] ?? 0
    for (let at = 0; at < ending.length; at++) buffer[end++] = ending.charCodeAt(at)
    this.#starts[row] = start
    this.#ends[row] = end
    this.#end = end
  }

  /** `plain`: see `BytesColumn`. */
  done(nulls: NullMask, plain?: ByteRanges): BytesColumn {
    if (this.#starts === this.#column.starts && nulls === this.#column.nulls) return this.#column
    const { bytes, length } = this.#column
    return new BytesColumn(this.#buffer?.subarray(0, this.#end) ?? bytes, this.#starts, this.#ends, length, nulls, plain)
  }

  #own(): void {
    if (this.#starts !== this.#column.starts) return
    this.#starts = this.#starts.slice(0, this.#column.length)
    this.#ends = this.#ends.slice(0, this.#column.length)
  }

  /** New text goes behind a copy of the old bytes, so that all ranges stay in one buffer. */
  #grow(room: number): void {
    const old = this.#buffer ?? this.#column.bytes
    if (this.#buffer === undefined) this.#end = old.length
    const grown = Buffer.allocUnsafe(Math.max(this.#end + room, Math.ceil(this.#end * 1.5)))
    old.copy(grown, 0, 0, this.#end)
    this.#buffer = grown
  }
}
