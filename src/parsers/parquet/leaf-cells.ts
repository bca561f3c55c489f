import type { Column } from "../../model/column.ts"
import { columnOf } from "../../model/column-of.ts"
import { BooleanColumn } from "../../model/columns/boolean-column.ts"
import { DateColumn } from "../../model/columns/date-column.ts"
import { NumberColumn } from "../../model/columns/number-column.ts"
import { codesOf, entryAt, type LeafDictionary, type LeafPage, storedAt } from "./leaf-page.ts"
import { nullsOf, type OnBadText, textColumn } from "./leaf-texts.ts"
import type { LeafType } from "./leaf-type.ts"
import { type PageSlice, visit } from "./page-slice.ts"

/** The column of a batch from the entries that are its rows. */
export function leafColumn(slices: readonly PageSlice[], rows: number, type: LeafType, onBadText: OnBadText): Column<unknown> {
  switch (type.kind) {
    case "number":
      return new NumberColumn(numbersOf(slices, rows, type), rows, nullsOf(slices, rows))
    case "date":
      return dateColumn(slices, rows, type)
    case "boolean":
      return booleanColumn(slices, rows)
    case "whole":
      return wholeColumn(slices, rows, type)
    default:
      return textColumn(slices, rows, type, onBadText)
  }
}

/** Numbers where doubles hold them all, which they most often do; else numbers and texts. */
function wholeColumn(slices: readonly PageSlice[], rows: number, type: LeafType): Column<unknown> {
  const nulls = nullsOf(slices, rows)
  const numbers = nulls.count === rows ? undefined : wholeNumbers(slices, rows, type)
  return numbers === undefined ? columnOf(valuesOf(slices, rows, type), rows) : new NumberColumn(numbers, rows, nulls)
}

/** The values as doubles; undefined where one of them is beyond the integers that a double holds. */
function wholeNumbers(slices: readonly PageSlice[], rows: number, type: LeafType): Float64Array | undefined {
  const numbers = numbersOf(slices, rows, type)
  for (const number of numbers) if (Math.abs(number) > Number.MAX_SAFE_INTEGER) return undefined
  return numbers
}

/** Every value of the slices, nulls in place, read by the column's type. */
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

/** The values of a slice that are stored as numbers, as they are or as integers of 64 bits. */
function storedNumbers({ page, value, present }: PageSlice, type: LeafType): ArrayLike<number> | undefined {
  const { values, dictionary } = page
  if (dictionary !== undefined) return undefined
  if (values instanceof BigInt64Array) return type.ofNumber === undefined ? undefined : longNumbers(values, value, present, type)
  if (type.read !== Number) return undefined
  const isNumbers = values instanceof Int32Array || values instanceof Float32Array || values instanceof Float64Array
  return isNumbers ? values.subarray(value, value + present) : undefined
}

/** Puts the values of a slice where its entries are not null. */
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

/** Integers of 64 bits as doubles, from their halves: an object for each takes most of the time. */
function longNumbers(values: BigInt64Array, value: number, present: number, { read, ofNumber = Number }: LeafType): Float64Array {
  const halves = new Int32Array(values.buffer, values.byteOffset + 8 * value, 2 * present)
  const numbers = new Float64Array(present)
  for (let at = 0; at < present; at++) {
    const stored = (halves[2 * at + 1] ?? 0) * 2 ** 32 + ((halves[2 * at] ?? 0) >>> 0)
    numbers[at] = Math.abs(stored) <= Number.MAX_SAFE_INTEGER ? ofNumber(stored) : Number(read(values[value + at]))
  }
  return numbers
}

/** Entries of a dictionary up to which they are read once for all rows. More of them would take more memory than the time is worth. */
const mostKnown = 65_536

/** What reads the values of a page, by their position among them. */
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

/** Instants that no date holds are the stored number as text, so that no cell is lost. */
function dateColumn(slices: readonly PageSlice[], rows: number, type: LeafType): Column<unknown> {
  const times = numbersOf(slices, rows, type)
  if (!times.some(isFar)) return new DateColumn(times, rows, nullsOf(slices, rows))
  const values: unknown[] = new Array(rows).fill(null)
  visit(slices, (row, at, page) => {
    const time = times[row] ?? Number.NaN
    values[row] = isFar(time) ? String(storedAt(page, at)) : new Date(time)
  })
  return columnOf(values, rows)
}

/** Whether milliseconds since 1970 are beyond those of a date (ECMA-262, Time Values and Time Range). */
export function isFar(ms: number): boolean {
  return Math.abs(ms) > 8.64e15
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
