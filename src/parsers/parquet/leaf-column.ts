import type { Column } from "../../model/column.ts"
import { columnOf } from "../../model/column-of.ts"
import { BooleanColumn } from "../../model/columns/boolean-column.ts"
import { DateColumn } from "../../model/columns/date-column.ts"
import { NumberColumn } from "../../model/columns/number-column.ts"
import { toDate } from "../../model/fine-instant.ts"
import { codesOf, entryAt, type LeafDictionary, type LeafPage, storedAt } from "./leaf-page.ts"
import { instantText, isBeyondDate, type LeafType } from "./leaf-type.ts"
import { type PageSlice, visit } from "./page-slice.ts"
import { nullsOf, type OnBadText, textColumn } from "./text-column.ts"

/** Builds a column of a batch from slices of pages. */
export function leafColumn(slices: readonly PageSlice[], rows: number, type: LeafType, onBadText: OnBadText): Column<unknown> {
  switch (type.kind) {
    case "number":
      return new NumberColumn(numbersOf(slices, rows, type), rows, nullsOf(slices, rows))
    case "date":
      return dateColumn(slices, rows, type)
    case "boolean":
      return booleanColumn(slices, rows)
    case "integer":
      return integerColumn(slices, rows, type)
    default:
      return textColumn(slices, rows, type, onBadText)
  }
}

/** A column of numbers if doubles can hold all integers, as they mostly can; else a column of numbers and texts. */
function integerColumn(slices: readonly PageSlice[], rows: number, type: LeafType): Column<unknown> {
  const nulls = nullsOf(slices, rows)
  const numbers = nulls.count === rows ? undefined : safeIntegers(slices, rows, type)
  return numbers === undefined ? columnOf(valuesOf(slices, rows, type), rows) : new NumberColumn(numbers, rows, nulls)
}

/** The values as doubles, or undefined if a double cannot hold one of them exactly. */
function safeIntegers(slices: readonly PageSlice[], rows: number, type: LeafType): Float64Array | undefined {
  const numbers = numbersOf(slices, rows, type)
  for (const number of numbers) if (Math.abs(number) > Number.MAX_SAFE_INTEGER) return undefined
  return numbers
}

/** All values of the slices, including nulls, read by the column's type. */
function valuesOf(slices: readonly PageSlice[], rows: number, type: LeafType): unknown[] {
  const values: unknown[] = new Array(rows).fill(null)
  let first = 0
  for (const slice of slices) {
    const read = readerOf(slice.page, type)
    visit([slice], (row, at) => {
      values[first + row] = read(at)
    })
    first += slice.to - slice.from
  }
  return values
}

function numbersOf(slices: readonly PageSlice[], rows: number, type: LeafType): Float64Array {
  const numbers = new Float64Array(rows).fill(Number.NaN)
  let first = 0
  for (const slice of slices) {
    const stored = storedNumbers(slice, type)
    if (stored !== undefined) spread(slice, stored, numbers, first)
    else {
      const read = readerOf(slice.page, type)
      visit([slice], (row, at) => {
        numbers[first + row] = Number(read(at))
      })
    }
    first += slice.to - slice.from
  }
  return numbers
}

/** The values of a slice that are stored as numbers or as 64-bit integers; undefined for other slices. */
function storedNumbers({ page, value, present }: PageSlice, type: LeafType): ArrayLike<number> | undefined {
  const { values, dictionary } = page
  if (dictionary !== undefined) return undefined
  if (values instanceof BigInt64Array) return type.ofNumber === undefined ? undefined : longNumbers(values, value, present, type)
  if (type.read !== Number) return undefined
  const isNumbers = values instanceof Int32Array || values instanceof Float32Array || values instanceof Float64Array
  return isNumbers ? values.subarray(value, value + present) : undefined
}

/** Copies the values of a slice to the rows that are not null. */
function spread({ page, from, to, present }: PageSlice, stored: ArrayLike<number>, numbers: Float64Array, first: number): void {
  const { definitions, maxDefinition } = page
  if (definitions === undefined || present === to - from) {
    numbers.set(stored, first)
    return
  }
  let at = 0
  for (let entry = from; entry < to; entry++)
    if (definitions[entry] === maxDefinition) numbers[first + entry - from] = stored[at++] ?? Number.NaN
}

/** Converts 64-bit integers to doubles by their halves, because most of the time would go to allocating BigInts. */
function longNumbers(values: BigInt64Array, value: number, present: number, { kind, read, ofNumber = Number }: LeafType): Float64Array {
  const halves = new Int32Array(values.buffer, values.byteOffset + 8 * value, 2 * present)
  const numbers = new Float64Array(present)
  for (let at = 0; at < present; at++) {
    const stored = (halves[2 * at + 1] ?? 0) * 2 ** 32 + ((halves[2 * at] ?? 0) >>> 0)
    const isExact = Math.abs(stored) <= Number.MAX_SAFE_INTEGER
    // A whole number that no double can hold makes the column a column of texts, so it is not read here.
    numbers[at] = isExact ? ofNumber(stored) : kind === "integer" ? stored : Number(read(values[value + at]))
  }
  return numbers
}

/** The entries of a dictionary up to this size are read once for all rows. For larger ones the memory is worth more than the time. */
const mostKnown = 65_536

/** Returns a function that reads a value of a page by its position. */
function readerOf(page: LeafPage, { read }: LeafType): (at: number) => number | string | boolean {
  const { dictionary } = page
  if (dictionary === undefined || dictionary.stored.length > mostKnown) return (at) => read(storedAt(page, at))
  const known = knownValues(dictionary, read)
  const codes = codesOf(page)
  return (at) => known[codes[at] ?? 0] ?? 0
}

function knownValues(dictionary: LeafDictionary, read: LeafType["read"]): readonly (number | string | boolean)[] {
  dictionary.values ??= Array.from({ length: dictionary.stored.length }, (_, code) => read(entryAt(dictionary, code)))
  return dictionary.values
}

/** An instant that a `Date` cannot hold becomes a text, so that no cell is lost. */
function dateColumn(slices: readonly PageSlice[], rows: number, type: LeafType): Column<unknown> {
  const times = numbersOf(slices, rows, type)
  if (!times.some(isBeyondDate)) return new DateColumn(times, rows, nullsOf(slices, rows))
  const values: unknown[] = new Array(rows).fill(null)
  visit(slices, (row, at, page) => {
    const time = times[row] ?? Number.NaN
    values[row] = isBeyondDate(time) ? instantText(storedAt(page, at), type) : toDate(time)
  })
  return columnOf(values, rows)
}

function booleanColumn(slices: readonly PageSlice[], rows: number): Column<unknown> {
  const flags = new Uint8Array(rows)
  let first = 0
  for (const slice of slices) {
    const { page, value, present } = slice
    if (page.definitions === undefined && page.values instanceof Uint8Array) flags.set(page.values.subarray(value, value + present), first)
    else
      visit([slice], (row, at) => {
        flags[first + row] = storedAt(page, at) ? 1 : 0
      })
    first += slice.to - slice.from
  }
  return new BooleanColumn(flags, rows, nullsOf(slices, rows))
}
