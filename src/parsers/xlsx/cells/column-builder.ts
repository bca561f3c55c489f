import { Bitmask } from "../../../model/bitmask.ts"
import type { CellValue } from "../../../model/cell-value.ts"
import type { Column, ShownNumbers } from "../../../model/column.ts"
import type { ArraySlab } from "../../../model/columns/array-slab.ts"
import { BooleanColumn } from "../../../model/columns/boolean-column.ts"
import { BytesColumn } from "../../../model/columns/bytes-column.ts"
import { DateColumn } from "../../../model/columns/date-column.ts"
import { DictionaryColumn } from "../../../model/columns/dictionary-column.ts"
import { NumberColumn } from "../../../model/columns/number-column.ts"
import { ValueColumn } from "../../../model/columns/value-column.ts"
import type { NullMask } from "../../../model/null-mask.ts"
import type { CopiedStrings } from "../strings/copied-strings.ts"
import type { SharedCodes } from "../strings/shared-codes.ts"
import type { SharedStrings } from "../strings/shared-strings.ts"
import type { TextArena } from "../strings/text-arena.ts"
import type { CellFormats } from "./cell-formats.ts"
import { booleanCell, dateCell, numberCell, sharedCell, shownCell, textCell } from "./cell-kind.ts"
import { cellValue } from "./cell-value.ts"
import { emptyColumn } from "./empty-column.ts"

/** What the columns of a table share. */
export interface ColumnTexts {
  readonly strings: SharedStrings
  /** The number formats, to which numbers with a pattern point. */
  readonly formats: CellFormats
  readonly codes: SharedCodes
  /** Shared strings that are texts of the batch. */
  readonly copied: CopiedStrings
  /** Texts of the batch, to which text cells point. */
  readonly arena: TextArena
}

/** Allocates the arrays of a table's columns. */
export interface ColumnArrays {
  readonly kinds: ArraySlab<Uint8Array>
  readonly values: ArraySlab<Float64Array>
  readonly ends: ArraySlab<Uint32Array>
  /** The mask for columns of `rows` rows without nulls, which they share. */
  noNulls(rows: number): NullMask
}

/**
 * Gathers one column of a batch: for each row the kind of its cell, its value, and where its text ends.
 *
 * The layout is chosen at the end, from the kinds of cells: one kind makes a typed column, several kinds make a column of values.
 */
export class ColumnBuilder {
  /** Index of the column in the table. */
  readonly place: number
  readonly #touch: (column: ColumnBuilder) => void
  /** The initial number of rows. */
  readonly #capacity: number
  readonly #texts: ColumnTexts
  readonly #arrays: ColumnArrays
  #kinds: Uint8Array
  #values: Float64Array
  #ends: Uint32Array
  #filled = 0
  /** Bit `kind` is set if the batch has a cell of that kind. */
  #seen = 0
  #encoded: { readonly codes: Uint32Array; readonly distinct: Uint32Array } | undefined

  /** `touch` is called for the first cell of each batch. */
  constructor(place: number, capacity: number, texts: ColumnTexts, arrays: ColumnArrays, touch: (column: ColumnBuilder) => void) {
    this.place = place
    this.#touch = touch
    this.#capacity = capacity
    this.#texts = texts
    this.#arrays = arrays
    this.#kinds = noBytes
    this.#values = noNumbers
    this.#ends = noOffsets
  }

  /** Whether the batch has no cell of this column yet. */
  get isEmpty(): boolean {
    return this.#filled === 0
  }

  has(row: number): boolean {
    return (this.#kinds[row] ?? 0) !== 0
  }

  /** Adds a cell. A second cell at the same place replaces the first. */
  put(row: number, kind: number, value: number): void {
    if (row >= this.#values.length) this.#grow(row + 1)
    if (this.#kinds[row] === 0) this.#filled++
    if (this.#seen === 0) this.#touch(this)
    this.#seen |= 1 << kind
    this.#kinds[row] = kind
    this.#values[row] = value
  }

  /** Adds a cell with its own text, from `start` to `end` of the batch's texts. */
  putText(row: number, kind: number, start: number, end: number): void {
    this.put(row, kind, start)
    if (row >= this.#ends.length) this.#ends = grown(this.#ends, this.#arrays.ends.take(this.#kinds.length))
    this.#ends[row] = end
  }

  clear(row: number): void {
    if (!this.has(row)) return
    this.#kinds[row] = 0
    this.#filled--
  }

  /** Reorders the rows: row `order[i]` becomes row `i`. */
  reorder(order: Uint32Array): void {
    if (this.isEmpty) return
    this.#fit(order.length)
    const { kinds, values, ends } = { kinds: this.#kinds.slice(), values: this.#values.slice(), ends: this.#ends.slice() }
    order.forEach((from, to) => {
      this.#kinds[to] = kinds[from] as number
      this.#values[to] = values[from] as number
      if (ends.length > 0) this.#ends[to] = ends[from] as number
    })
  }

  /** The value of a row in the current batch. */
  valueAt(row: number): CellValue {
    const value = this.#values[row] as number
    const { strings, arena } = this.#texts
    return cellValue(this.#kinds[row], value, () => {
      return this.#kinds[row] === sharedCell ? strings.text(value) : arena.bytes.toString("utf8", value, this.#ends[row])
    })
  }

  /**
   * Decides how texts are stored. Call it for every column before you take the first one. Shared strings become a dictionary if they repeat or are
   * long. If most come once, or if other cells have their own texts, they are copied to the texts of the batch.
   */
  settleTexts(length: number): void {
    this.#fit(length)
    const shared = 1 << sharedCell
    if ((this.#seen & shared) === 0 || (this.#seen & ~(shared | (1 << textCell))) !== 0) return
    const { strings, codes, arena } = this.#texts
    const { ends } = this.#arrays
    const coded = ends.take(length)
    const found = ends.take(length)
    const count = codes.encode(this.#values, this.#kinds, length, coded, found)
    const distinct = count === length ? found : found.subarray(0, count)
    const repeats = distinct.length * 2 <= this.#filled
    if (this.#seen === shared && (repeats || distinct.some((id) => strings.isLong(id)))) {
      this.#encoded = { codes: coded, distinct }
      return
    }
    const starts = distinct.map((id) => this.#texts.copied.copy(id, strings, arena))
    for (let row = 0; row < length; row++) {
      if (this.#kinds[row] !== sharedCell) continue
      const code = coded[row] as number
      const start = starts[code] as number
      this.putText(row, textCell, start, start + strings.byteLength(distinct[code] as number))
    }
    this.#seen = 1 << textCell
  }

  /** Returns the column of the batch and empties the builder. `bytes` holds the texts of the batch. */
  take(length: number, bytes: Buffer): Column<unknown> {
    if (this.isEmpty) {
      this.#seen = 0
      return emptyColumn(length)
    }
    const column = this.#column(length, bytes)
    this.#filled = 0
    this.#seen = 0
    // A column that grew in one batch may have few cells in all others, and there may be thousands of such columns.
    if (this.#kinds.length > this.#capacity) this.#kinds = noBytes
    else this.#kinds.fill(0)
    if (this.#ends.length > this.#capacity) this.#ends = noOffsets
    if (this.#values.length > this.#capacity) this.#values = noNumbers
    return column
  }

  #column(length: number, bytes: Buffer): Column<unknown> {
    switch (this.#seen) {
      case 1 << numberCell:
        return new NumberColumn(this.#takeNumbers(length), length, this.#nulls(length))
      case 1 << shownCell:
      case (1 << shownCell) | (1 << numberCell): {
        const shown = this.#shown(length, this.#values)
        return new NumberColumn(this.#takeNumbers(length), length, this.#nulls(length), undefined, shown)
      }
      case 1 << dateCell:
        return new DateColumn(this.#takeNumbers(length), length, this.#nulls(length))
      case 1 << booleanCell:
        return new BooleanColumn(Uint8Array.from(this.#takeNumbers(length), Number), length, this.#nulls(length))
      case 1 << sharedCell:
        return this.#dictionary(length)
      case 1 << textCell: {
        const nulls = this.#nulls(length)
        const starts = new Uint32Array(length)
        const ends = this.#ends.slice(0, length)
        for (let row = 0; row < length; row++) {
          if (this.#kinds[row] === textCell) starts[row] = this.#values[row] as number
          else ends[row] = 0
        }
        return new BytesColumn(bytes, starts, ends, length, nulls)
      }
      default: {
        const shown = (this.#seen & (1 << shownCell)) === 0 ? undefined : this.#shown(length, this.#values.slice(0, length))
        return new ValueColumn(
          Array.from({ length }, (_, row) => this.valueAt(row)),
          length,
          undefined,
          shown,
        )
      }
    }
  }

  /** The texts of the numbers that have a pattern. They are made when someone asks. */
  #shown(length: number, values: Float64Array): ShownNumbers {
    const { formats } = this.#texts
    const styles = new Uint32Array(length)
    for (let row = 0; row < length; row++) if (this.#kinds[row] === shownCell) styles[row] = this.#ends[row] as number
    return {
      at: (row) => {
        const style = styles[row] ?? 0
        return style === 0 ? undefined : formats.shown(style - 1, values[row] as number)
      },
    }
  }

  /** Hands over the array of values, with NaN for nulls. The next batch gets a new one. */
  #takeNumbers(length: number): Float64Array {
    const values = length === this.#values.length ? this.#values : this.#values.subarray(0, length)
    this.#values = noNumbers
    if (this.#filled < length) for (let row = 0; row < length; row++) if (this.#kinds[row] === 0) values[row] = Number.NaN
    return values
  }

  #dictionary(length: number): Column<string> {
    const { strings } = this.#texts
    const { codes, distinct } = this.#encoded ?? { codes: new Uint32Array(length), distinct: noOffsets }
    this.#encoded = undefined
    const decode = () => Array.from(distinct, (id) => strings.text(id))
    // A temporary file of texts may be closed before the batch is read, so its texts are decoded now.
    return new DictionaryColumn(codes, strings.bytes === undefined ? decode() : decode, length, this.#nulls(length))
  }

  #nulls(length: number): NullMask {
    if (this.#filled === length) return this.#arrays.noNulls(length)
    const bits = new Uint8Array((length + 7) >> 3)
    for (let row = 0; row < length; row++) if (this.#kinds[row] === 0) bits[row >> 3] = (bits[row >> 3] as number) | (1 << (row & 7))
    return new Bitmask(length, bits, length - this.#filled)
  }

  /** Makes room for all rows of the batch, because the last ones may have no cell in this column. */
  #fit(length: number): void {
    if (length > this.#kinds.length) this.#grow(length)
  }

  #grow(rows: number): void {
    const room = Math.max(this.#capacity, this.#kinds.length)
    const length = rows <= room ? room : Math.max(rows, room * 2)
    if (length > this.#kinds.length) this.#kinds = grown(this.#kinds, this.#arrays.kinds.take(length))
    if (this.#ends.length > 0 && length > this.#ends.length) this.#ends = grown(this.#ends, this.#arrays.ends.take(length))
    this.#values = grown(this.#values, this.#arrays.values.take(length))
  }
}

/** A larger array with the content of the smaller one. */
function grown<A extends Uint8Array | Uint32Array | Float64Array>(from: A, to: A): A {
  if (from.length > 0) to.set(from)
  return to
}

const noBytes = new Uint8Array(0)
const noNumbers = new Float64Array(0)
const noOffsets = new Uint32Array(0)
