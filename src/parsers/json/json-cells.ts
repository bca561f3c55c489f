import { Bitmask } from "../../model/bitmask.ts"
import type { Column } from "../../model/column.ts"
import { BooleanColumn } from "../../model/columns/boolean-column.ts"
import { BytesColumn } from "../../model/columns/bytes-column.ts"
import { NumberColumn } from "../../model/columns/number-column.ts"
import { ValueColumn } from "../../model/columns/value-column.ts"
import type { JsonValue } from "../../model/json-value.ts"
import { type NullMask, noNulls } from "../../model/null-mask.ts"
import type { JsonArrays } from "./json-arrays.ts"

const absent = 0
const aText = 1
const aNumber = 2
/** A number whose bytes a reader of plain decimals reads as the same number. */
const aPlainNumber = 3
const aFalse = 4
const aTrue = 5
const aValue = 6

/** Shared by all columns without cells: if a table has thousands of columns, most are empty in most batches. */
const noKinds = new Uint8Array(0)
const noRanges = new Uint32Array(0)
const noNumbers = new Float64Array(0)

/** The number of cells of each kind, while the layout of a column is chosen. */
const counts = new Int32Array(aValue + 1)

/** The cells of one column while a batch is read: a kind for each row, and a range of the batch's bytes. */
export class JsonCells {
  readonly #arrays: JsonArrays
  starts = noRanges
  ends = noRanges
  #kinds = noKinds
  #numbers = noNumbers
  #values: Map<number, JsonValue> | undefined
  /** The previous batch's capacity in rows; most columns need the same again. */
  #rowsBefore = 0

  constructor(arrays: JsonArrays) {
    this.#arrays = arrays
  }

  /** Whether no cell was set since the last batch. */
  get isUntouched(): boolean {
    return this.#kinds.length === 0
  }

  /** Whether a cell is not null. */
  get isFilled(): boolean {
    return this.#kinds.some((kind) => kind !== absent)
  }

  setText(row: number, start: number, end: number): void {
    this.#set(row, aText)
    this.starts[row] = start
    this.ends[row] = end
  }

  /** `start` to `end` is the number's plain decimal form; empty if it has none. */
  setNumber(row: number, value: number, start: number, end: number): void {
    this.#set(row, start < end ? aPlainNumber : aNumber)
    this.starts[row] = start
    this.ends[row] = end
    if (this.#numbers.length < this.starts.length) this.#numbers = grown(this.#numbers, this.#arrays.numbers.take(this.starts.length))
    this.#numbers[row] = value
  }

  setBoolean(row: number, value: boolean): void {
    this.#set(row, value ? aTrue : aFalse)
  }

  setValue(row: number, value: JsonValue): void {
    this.#set(row, aValue)
    this.#values ??= new Map()
    this.#values.set(row, value)
  }

  /** Removes a cell that was set twice, or whose row turned out to be unreadable. */
  clear(row: number): void {
    if (row < this.#kinds.length) this.#kinds[row] = absent
  }

  /**
   * Returns the column over the batch's bytes, in the smallest layout that holds every cell, and starts over. All columns without cells share
   * `empty`.
   */
  take(bytes: Uint8Array, rows: number, empty: Column<unknown>): Column<unknown> {
    if (this.#kinds.length === 0) return empty
    const column = this.#column(bytes, rows)
    this.#rowsBefore = rows
    this.#kinds = noKinds
    this.starts = noRanges
    this.ends = noRanges
    this.#numbers = noNumbers
    this.#values = undefined
    return column
  }

  #column(bytes: Uint8Array, rows: number): Column<unknown> {
    if (this.#kinds.length < rows) this.#reserve(rows)
    counts.fill(0)
    for (let row = 0; row < rows; row++) counts[this.#kinds[row] ?? absent] = (counts[this.#kinds[row] ?? absent] ?? 0) + 1
    const [nothing = 0, texts = 0, numbers = 0, plain = 0, falses = 0, trues = 0] = counts
    const filled = rows - nothing
    if (texts === filled) return new BytesColumn(bytes, ...this.#ranges(rows), rows, this.#nulls(rows, filled))
    if (numbers + plain === filled) {
      const nulls = this.#nulls(rows, filled)
      const values = this.#numbers.length < rows ? grown(this.#numbers, this.#arrays.numbers.take(rows)) : this.#numbers
      if (nulls.count > 0) for (let row = 0; row < rows; row++) if (nulls.has(row)) values[row] = Number.NaN
      const [starts, ends] = this.#ranges(rows)
      return new NumberColumn(values, rows, nulls, plain === filled ? { bytes, starts, ends } : undefined)
    }
    if (falses + trues === filled) {
      const flags = new Uint8Array(rows)
      for (let row = 0; row < rows; row++) flags[row] = this.#kinds[row] === aTrue ? 1 : 0
      return new BooleanColumn(flags, rows, this.#nulls(rows, filled))
    }
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    return new ValueColumn(
      Array.from({ length: rows }, (_, row) => this.#value(text, row)),
      rows,
    )
  }

  #value(bytes: Buffer, row: number): JsonValue {
    switch (this.#kinds[row]) {
      case aText:
        return bytes.toString("utf8", this.starts[row], this.ends[row])
      case aNumber:
      case aPlainNumber:
        return this.#numbers[row] ?? null
      case aFalse:
        return false
      case aTrue:
        return true
      case aValue:
        return this.#values?.get(row) ?? null
      default:
        return null
    }
  }

  /** Rows without a cell, and cleared cells, have an empty range. */
  #ranges(rows: number): [Uint32Array, Uint32Array] {
    for (let row = 0; row < rows; row++) if (this.#kinds[row] === absent) this.ends[row] = this.starts[row] = 0
    return [this.starts, this.ends]
  }

  #nulls(rows: number, filled: number): NullMask {
    if (filled === rows) return noNulls(rows)
    const nulls = new Bitmask(rows)
    for (let row = 0; row < rows; row++) if (this.#kinds[row] === absent) nulls.set(row)
    return nulls
  }

  #set(row: number, kind: number): void {
    if (row >= this.#kinds.length) this.#reserve(row + 1)
    this.#kinds[row] = kind
  }

  #reserve(rows: number): void {
    const capacity = Math.max(4, rows, this.#kinds.length * 2, this.#kinds.length === 0 ? Math.min(this.#rowsBefore, this.#arrays.rows) : 0)
    const { kinds, offsets } = this.#arrays
    this.#kinds = grown(this.#kinds, kinds.take(capacity))
    this.starts = grown(this.starts, offsets.take(capacity))
    this.ends = grown(this.ends, offsets.take(capacity))
  }
}

/** The larger array, filled with the smaller one's content. */
function grown<A extends Uint8Array | Uint32Array | Float64Array>(from: A, to: A): A {
  if (from.length > 0) to.set(from)
  return to
}
