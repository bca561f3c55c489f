import { Bitmask } from "../model/bitmask.ts"
import { CellError } from "../model/cell-error.ts"
import type { Column } from "../model/column.ts"
import { BooleanColumn } from "../model/columns/boolean-column.ts"
import { BytesColumn } from "../model/columns/bytes-column.ts"
import { DateColumn } from "../model/columns/date-column.ts"
import { DictionaryColumn } from "../model/columns/dictionary-column.ts"
import { NumberColumn } from "../model/columns/number-column.ts"
import { ValueColumn } from "../model/columns/value-column.ts"
import type { NullMask } from "../model/null-mask.ts"
import { skipSpace, spaceFirst } from "./white-space.ts"

/** Texts that stand for no value, in addition to blank ones. */
export interface NullTexts {
  /** 1 for each first byte of such a text, or of white space before it. This byte alone decides most cells. */
  readonly first: Uint8Array
  /** Whether a range, without white space around it, is one of the texts. */
  has(bytes: Uint8Array, start: number, end: number): boolean
  /** Whether a trimmed text is one of the texts. An error cell has the text of its error. */
  hasText(text: string): boolean
  /** The numbers that are shown as one of the texts. */
  readonly numbers: ReadonlySet<number>
}

/** The column with null for blank cells and for the texts. Returns the same column if there are none. */
export function blanksToNull<V>(column: Column<V>, texts?: NullTexts): Column<V> {
  return withNulls(column, texts, false)
}

/** The column with null for the texts. Blank cells stay as they are. */
export function textsToNull<V>(column: Column<V>, texts: NullTexts | undefined): Column<V> {
  return texts === undefined ? column : withNulls(column, texts, true)
}

function withNulls<V>(column: Column<V>, texts: NullTexts | undefined, keepBlanks: boolean): Column<V> {
  if (column instanceof NumberColumn) return (texts?.numbers.size ? numbersToNull(column, texts.numbers) : column) as Column<never>
  if (column instanceof DateColumn || column instanceof BooleanColumn) return column
  // In a wide table, most columns have no cell in most batches.
  if (column.nulls.count === column.length) return column
  const nulls = column instanceof BytesColumn ? blankBytes(column, texts, keepBlanks) : blankValues(column, texts, keepBlanks)
  if (nulls === undefined) return column
  if (column instanceof BytesColumn) return column.withNulls(nulls) as Column<string> as Column<V & string>
  if (column instanceof DictionaryColumn) return new DictionaryColumn(column.codes, column.values, column.length, nulls) as Column<never>
  return new ValueColumn(
    Array.from({ length: column.length }, (_, row) => (nulls.has(row) ? null : column.at(row))),
    column.length,
    nulls,
    column.shown,
  )
}

/** Text of delimited text is a number in a workbook and in JSON; the same data must give the same rows. */
function numbersToNull(column: NumberColumn, numbers: ReadonlySet<number>): NumberColumn {
  const given = column.numbers()
  let values: Float64Array | undefined
  let nulls: Bitmask | undefined
  for (let row = 0; row < column.length; row++) {
    if (!numbers.has(given[row] as number) || column.nulls.has(row)) continue
    nulls ??= new Bitmask(column.length, column.nulls.bits.slice(), column.nulls.count)
    values ??= given.slice()
    nulls.set(row)
    values[row] = Number.NaN
  }
  return nulls === undefined || values === undefined ? column : new NumberColumn(values, column.length, nulls, column.plain, column.shown)
}

function blankBytes(column: BytesColumn, texts: NullTexts | undefined, keepBlanks: boolean): Bitmask | undefined {
  if (texts === undefined && column.blanks !== undefined) return joined(column.nulls, column.blanks, column.length)
  const { bytes, starts, ends, length } = column
  const first = texts?.first ?? spaceFirst
  let nulls: Bitmask | undefined
  for (let row = 0; row < length; row++) {
    const start = starts[row] as number
    const end = ends[row] as number
    if (start !== end) {
      if (first[bytes[start] as number] === 0) continue
      if (skipSpace(bytes, start, end) === end ? keepBlanks : !texts?.has(bytes, start, end)) continue
    } else if (keepBlanks) continue
    if (column.nulls.has(row)) continue
    nulls ??= new Bitmask(length, column.nulls.bits.slice(), column.nulls.count)
    nulls.set(row)
  }
  return nulls
}

/** Both masks combined; undefined if the first already covers the second. */
function joined(nulls: NullMask, blanks: NullMask, length: number): Bitmask | undefined {
  if (blanks.count === 0 || blanks.bits.every((byte, at) => (byte & ~(nulls.bits[at] ?? 0)) === 0)) return undefined
  const both = new Bitmask(length, blanks.bits.slice(), blanks.count)
  if (nulls.count > 0) for (let row = 0; row < length; row++) if (nulls.has(row)) both.set(row)
  return both
}

function blankValues(column: Column<unknown>, texts: NullTexts | undefined, keepBlanks: boolean): Bitmask | undefined {
  let nulls: Bitmask | undefined
  for (let row = 0; row < column.length; row++) {
    const value = column.at(row)
    const text = value instanceof CellError ? value.error : value
    if (typeof text === "number" ? !texts?.numbers.has(text) : typeof text !== "string") continue
    if (typeof text === "string" && (text.trim() === "" ? keepBlanks : !texts?.hasText(text))) continue
    nulls ??= new Bitmask(column.length, column.nulls.bits.slice(), column.nulls.count)
    nulls.set(row)
  }
  return nulls
}
