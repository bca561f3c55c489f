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
      return columnOf(valuesOf(slices, rows, type), rows)
    default:
      return textColumn(slices, rows, type, onBadText)
  }
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
    const { page, value, present } = slice
    const stored = type.read === Number && page.definitions === undefined ? storedNumbers(page) : undefined
    if (stored !== undefined) numbers.set(stored.subarray(value, value + present), first)
    else {
      const read = readerOf(page, type)
      visit([slice], (row, at) => {
        numbers[first + row] = Number(read(at))
      })
    }
    first += slice.to - slice.from
  }
  return numbers
}

/** Values that are stored as the numbers that they are. */
function storedNumbers({ values, dictionary }: LeafPage): Int32Array | Float32Array | Float64Array | undefined {
  if (dictionary !== undefined) return undefined
  return values instanceof Int32Array || values instanceof Float32Array || values instanceof Float64Array ? values : undefined
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
  visit(slices, (row, at, page) => {
    flags[row] = storedAt(page, at) ? 1 : 0
  })
  return new BooleanColumn(flags, rows, nullsOf(slices, rows))
}
