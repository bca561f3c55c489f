import { Bitmask } from "../model/bitmask.ts"
import { BytesColumn } from "../model/columns/bytes-column.ts"

/** Builds a text column row by row, as UTF-8 in one buffer. Rows that are not set are null. */
export class BytesBuilder {
  readonly #rows: number
  readonly #starts: Uint32Array
  readonly #ends: Uint32Array
  readonly #filled: Bitmask
  #bytes: Buffer
  #length = 0

  constructor(rows: number, capacity = 64 * 1024) {
    this.#rows = rows
    this.#starts = new Uint32Array(rows)
    this.#ends = new Uint32Array(rows)
    this.#filled = new Bitmask(rows)
    this.#bytes = Buffer.allocUnsafeSlow(capacity)
  }

  /** Sets a row to bytes, which must be valid UTF-8. They are copied. */
  setBytes(row: number, bytes: Uint8Array, start = 0, end = bytes.length): void {
    this.#reserve(end - start)
    if (end - start > 32) this.#bytes.set(start === 0 && end === bytes.length ? bytes : bytes.subarray(start, end), this.#length)
    else for (let at = start; at < end; at++) this.#bytes[this.#length + at - start] = bytes[at] ?? 0
    this.#place(row, end - start)
  }

  /** Sets a row to a text. Half of a surrogate pair becomes U+FFFD. */
  setText(row: number, text: string): void {
    this.#reserve(text.length * 3)
    this.#place(row, this.#bytes.write(text, this.#length, "utf8"))
  }

  /** The column of all rows. The builder must not be used afterwards. */
  column(): BytesColumn {
    const nulls = new Bitmask(this.#rows)
    if (this.#filled.count < this.#rows) for (let row = 0; row < this.#rows; row++) if (!this.#filled.has(row)) nulls.set(row)
    return new BytesColumn(this.#bytes, this.#starts, this.#ends, this.#rows, nulls)
  }

  #place(row: number, length: number): void {
    this.#starts[row] = this.#length
    this.#length += length
    this.#ends[row] = this.#length
    this.#filled.set(row)
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return
    const bytes = Buffer.allocUnsafeSlow(Math.max(this.#length + more, this.#bytes.length * 2))
    bytes.set(this.#bytes.subarray(0, this.#length))
    this.#bytes = bytes
  }
}
