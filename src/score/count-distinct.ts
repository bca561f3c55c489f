import type { Column } from "../model/column.ts"
import { BooleanColumn } from "../model/columns/boolean-column.ts"
import { BytesColumn } from "../model/columns/bytes-column.ts"
import { DateColumn } from "../model/columns/date-column.ts"
import { DictionaryColumn } from "../model/columns/dictionary-column.ts"
import { NumberColumn } from "../model/columns/number-column.ts"
import { instantOf } from "../model/fine-instant.ts"
import { CellHashes } from "../sketch/cell-hashes.ts"
import type { DistinctValues } from "../sketch/distinct-values.ts"

import type { Tally } from "./tally.ts"

/** Kinds of values, so that 1 and true differ. A text has none. */
const kinds = { number: 1, date: 2, boolean: 3 }

const hashes = new CellHashes()
const double = new Float64Array(1)
let seen = new Uint8Array(1024)

/** Adds the cells of columns that have a value, without those of `left` rows. Gives up a column with a value that has no text to hash, such as a list. */
export function countDistinct(tally: Tally, columns: ReadonlyMap<string, Column<unknown>>, left: readonly number[]): void {
  for (const [name, column] of columns) {
    const distinct = tally.distinct(name)
    if (distinct !== undefined && !addColumn(distinct, column, skippedRows(column, left))) tally.leaveDistinct(name)
  }
}

/** A bit for each row to skip. */
function skippedRows({ nulls }: Column<unknown>, left: readonly number[]): Uint8Array | undefined {
  if (left.length === 0) return nulls.count === 0 ? undefined : nulls.bits
  const bits = Uint8Array.from(nulls.bits)
  for (const row of left) bits[row >> 3] = (bits[row >> 3] ?? 0) | (1 << (row & 7))
  return bits
}

/** Equal values count once, whatever the layout of their batch. Returns false for a column with a value that has no text. */
function addColumn(distinct: DistinctValues, column: Column<unknown>, skipped: Uint8Array | undefined): boolean {
  hashes.clear()
  const { length } = column
  if (column instanceof BytesColumn) hashes.addTexts(column, length, skipped)
  else if (column instanceof NumberColumn) hashes.addNumbers(column.numbers(), length, kinds.number, skipped)
  else if (column instanceof DateColumn) hashes.addNumbers(column.times(), length, kinds.date, skipped)
  else if (column instanceof BooleanColumn) hashes.addNumbers(Float64Array.from(column.flags()), length, kinds.boolean, skipped)
  else if (column instanceof DictionaryColumn) addTexts(column, skipped)
  else if (!addValues(column, skipped)) return false
  distinct.add(hashes.hashes, hashes.count)
  return true
}

/** Looks at each text once. The list may be that of a whole workbook, so its marks are not made anew for each batch. */
function addTexts({ codes, values, length }: DictionaryColumn, skipped: Uint8Array | undefined): void {
  if (seen.length < values.length) seen = new Uint8Array(Math.max(values.length, 2 * seen.length))
  const texts: string[] = []
  for (let row = 0; row < length; row++) {
    const code = codes[row] as number
    if (isSkipped(skipped, row) || seen[code] !== 0) continue
    seen[code] = 1
    texts.push(values[code] ?? "")
  }
  for (let row = 0; row < length; row++) seen[codes[row] as number] = 0
  hashTexts(texts)
}

function addValues(column: Column<unknown>, skipped: Uint8Array | undefined): boolean {
  const texts: string[] = []
  for (let row = 0; row < column.length; row++) {
    const value = isSkipped(skipped, row) ? null : column.at(row)
    if (value === null || value === undefined) continue
    if (typeof value === "string") texts.push(value)
    else if (typeof value === "number") addNumber(value, kinds.number)
    else if (value instanceof Date) addNumber(instantOf(value), kinds.date)
    else if (typeof value === "boolean") addNumber(value ? 1 : 0, kinds.boolean)
    else if (typeof value === "bigint" || isWritten(value)) texts.push(String(value))
    else return false
  }
  hashTexts(texts)
  return true
}

function addNumber(value: number, kind: number): void {
  double[0] = value
  hashes.addNumbers(double, 1, kind, undefined)
}

/** Hashes texts as UTF-8, because other batches may have the column as bytes. */
function hashTexts(texts: readonly string[]): void {
  if (texts.length === 0) return
  const starts = new Uint32Array(texts.length)
  const ends = new Uint32Array(texts.length)
  const joined = texts.join("")
  const bytes = Buffer.from(joined)
  const isAscii = bytes.length === joined.length
  let at = 0
  for (const [place, text] of texts.entries()) {
    starts[place] = at
    at += isAscii ? text.length : Buffer.byteLength(text)
    ends[place] = at
  }
  hashes.addTexts({ bytes, starts, ends }, texts.length, undefined)
}

function isSkipped(skipped: Uint8Array | undefined, row: number): boolean {
  return skipped !== undefined && ((skipped[row >> 3] as number) & (1 << (row & 7))) !== 0
}

/** Whether an object says how to write it, as times and durations do. */
function isWritten(value: unknown): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    typeof value.toString === "function" &&
    value.toString !== Object.prototype.toString
  )
}
