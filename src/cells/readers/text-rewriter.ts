import type { ByteRanges } from "../../model/column.ts"
import { BytesColumn } from "../../model/columns/bytes-column.ts"
import type { NullMask } from "../../model/null-mask.ts"

/**
 * Rebuilds a text column in which some cells get another text. If none does, the result is the column itself, so that clean exports are not
 * copied.
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

  /** Sets a row to a part of its own range. */
  narrow(row: number, start: number, end: number): void {
    if (this.#starts[row] === start && this.#ends[row] === end) return
    this.#own()
    this.#starts[row] = start
    this.#ends[row] = end
  }

  /** Sets a row to a new text, in ASCII or UTF-8. */
  put(row: number, text: string): void {
    this.#own()
    const room = text.length * 3
    if (this.#buffer === undefined || this.#buffer.length < this.#end + room) this.#grow(room)
    const start = this.#end
    this.#end += this.#buffer?.write(text, start) ?? 0
    this.#starts[row] = start
    this.#ends[row] = this.#end
  }

  /** Appends ASCII text to a row's bytes. */
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
    return new BytesColumn(this.#buffer?.subarray(0, this.#end) ?? bytes, this.#starts, this.#ends, length, nulls, { plain })
  }

  #own(): void {
    if (this.#starts !== this.#column.starts) return
    this.#starts = this.#starts.slice(0, this.#column.length)
    this.#ends = this.#ends.slice(0, this.#column.length)
  }

  /**
   * New text is appended to a copy of the old cells, so that all ranges stay in one buffer. The old buffer is shared with other columns; these
   * cells are usually the smaller part of it.
   */
  #grow(room: number): void {
    const { bytes, starts, ends, length } = this.#column
    if (this.#buffer !== undefined) {
      const grown = Buffer.allocUnsafe(Math.max(this.#end + room, this.#end * 2))
      this.#buffer.copy(grown, 0, 0, this.#end)
      this.#buffer = grown
      return
    }
    let cells = 0
    for (let row = 0; row < length; row++) cells += (ends[row] as number) - (starts[row] as number)
    this.#buffer = Buffer.allocUnsafe(Math.ceil((cells + room) * 1.5))
    for (let row = 0; row < length; row++) {
      const start = this.#starts[row] as number
      const end = this.#ends[row] as number
      this.#starts[row] = this.#end
      this.#end = copyRange(bytes, start, end, this.#buffer, this.#end)
      this.#ends[row] = this.#end
    }
  }
}

/** Copies a range and returns where it ends in the target. Most cells are too short for a call of `set` to pay off. */
function copyRange(bytes: Uint8Array, start: number, end: number, target: Uint8Array, at: number): number {
  if (end - start > 64) target.set(bytes.subarray(start, end), at)
  else for (let from = start, to = at; from < end; from++, to++) target[to] = bytes[from] as number
  return at + end - start
}
