import { isUtf8 } from "node:buffer"
import { BytesBuilder } from "../../kernel/bytes-builder.ts"
import { Bitmask } from "../../model/bitmask.ts"
import type { Column } from "../../model/column.ts"
import { columnOf } from "../../model/column-of.ts"
import { BooleanColumn } from "../../model/columns/boolean-column.ts"
import { DateColumn } from "../../model/columns/date-column.ts"
import { DictionaryColumn } from "../../model/columns/dictionary-column.ts"
import { NumberColumn } from "../../model/columns/number-column.ts"
import type { LeafDictionary, LeafPage } from "./leaf-page.ts"
import type { LeafType } from "./leaf-type.ts"

/** Entries of a page that are consecutive rows of a batch. */
export interface PageSlice {
  readonly page: LeafPage
  /** First entry, and the one behind the last. */
  readonly from: number
  readonly to: number
  /** Position of the first value among the page's values, which leave nulls out. */
  readonly value: number
}

/** Called for a text that is no text: its row, and why. */
export type OnBadText = (row: number, code: "text.invalid_utf8" | "text.nul") => void

/** The column of a batch from the pages that its rows stand in. */
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
  visit(slices, (row, page, at) => {
    values[row] = page.dictionary === undefined ? type.read(page.values[at]) : dictionaryValues(page.dictionary, type)[page.values[at]]
  })
  return values
}

function numbersOf(slices: readonly PageSlice[], rows: number, type: LeafType): Float64Array {
  const numbers = new Float64Array(rows).fill(Number.NaN)
  visit(slices, (row, page, at) => {
    numbers[row] =
      page.dictionary === undefined ? Number(type.read(page.values[at])) : Number(dictionaryValues(page.dictionary, type)[page.values[at]])
  })
  return numbers
}

/** Instants that no date holds are the stored number as text, so that no cell is lost. */
function dateColumn(slices: readonly PageSlice[], rows: number, type: LeafType): Column<unknown> {
  const times = numbersOf(slices, rows, type)
  if (!times.some(isFar)) return new DateColumn(times, rows, nullsOf(slices, rows))
  const values: unknown[] = new Array(rows).fill(null)
  visit(slices, (row, page, at) => {
    const time = times[row] ?? Number.NaN
    const stored: unknown = page.dictionary === undefined ? page.values[at] : page.dictionary.stored[page.values[at]]
    values[row] = isFar(time) ? String(stored) : new Date(time)
  })
  return columnOf(values, rows)
}

/** Whether milliseconds since 1970 are beyond those of a date (ECMA-262, Time Values and Time Range). */
export function isFar(ms: number): boolean {
  return Math.abs(ms) > 8.64e15
}

function booleanColumn(slices: readonly PageSlice[], rows: number): Column<unknown> {
  const flags = new Uint8Array(rows)
  visit(slices, (row, page, at) => {
    const stored = page.dictionary === undefined ? page.values[at] : page.dictionary.stored[page.values[at]]
    flags[row] = stored ? 1 : 0
  })
  return new BooleanColumn(flags, rows, nullsOf(slices, rows))
}

/** A dictionary where all rows share one that is not much larger than they are, since checks look at each of its values; else bytes. */
function textColumn(slices: readonly PageSlice[], rows: number, type: LeafType, onBadText: OnBadText): Column<unknown> {
  const [first] = slices
  const shared = first?.page.dictionary
  if (shared !== undefined && shared.stored.length <= Math.max(rows, 1024) && slices.every(({ page }) => page.dictionary === shared))
    return sharedColumn(shared, slices, rows, type, onBadText)
  const texts = new BytesBuilder(rows)
  visit(slices, (row, page, at) => {
    const stored: unknown = page.dictionary === undefined ? page.values[at] : page.dictionary.stored[page.values[at]]
    if (type.kind !== "text" || !(stored instanceof Uint8Array)) {
      texts.setText(row, String(type.read(stored)))
      return
    }
    const fault = textFault(stored)
    if (fault !== undefined) onBadText(row, fault)
    if (fault === "text.invalid_utf8") texts.setText(row, String(type.read(stored)))
    else texts.setBytes(row, stored)
  })
  return texts.column()
}

function sharedColumn(
  dictionary: LeafDictionary,
  slices: readonly PageSlice[],
  rows: number,
  type: LeafType,
  onBadText: OnBadText,
): Column<unknown> {
  const codes = new Uint32Array(rows)
  dictionary.texts ??= Array.from(dictionary.stored as ArrayLike<unknown>, (stored) => String(type.read(stored)))
  const faults = type.kind === "text" ? faultsOf(dictionary) : undefined
  visit(slices, (row, page, at) => {
    const code: number = page.values[at]
    codes[row] = code
    const fault = faults?.get(code)
    if (fault !== undefined) onBadText(row, fault)
  })
  return new DictionaryColumn(codes, dictionary.texts, rows, nullsOf(slices, rows))
}

function dictionaryValues(dictionary: LeafDictionary, type: LeafType): readonly (number | string | boolean)[] {
  dictionary.values ??= Array.from(dictionary.stored as ArrayLike<unknown>, type.read)
  return dictionary.values
}

const faultsByDictionary = new WeakMap<LeafDictionary, ReadonlyMap<number, "text.invalid_utf8" | "text.nul">>()

/** The entries that are no text; most often none. */
function faultsOf(dictionary: LeafDictionary): ReadonlyMap<number, "text.invalid_utf8" | "text.nul"> {
  const known = faultsByDictionary.get(dictionary)
  if (known !== undefined) return known
  const faults = new Map<number, "text.invalid_utf8" | "text.nul">()
  for (let code = 0; code < dictionary.stored.length; code++) {
    const fault = textFault(dictionary.stored[code])
    if (fault !== undefined) faults.set(code, fault)
  }
  faultsByDictionary.set(dictionary, faults)
  return faults
}

/** Why stored bytes are no text. */
export function textFault(stored: unknown): "text.invalid_utf8" | "text.nul" | undefined {
  if (!(stored instanceof Uint8Array)) return undefined
  if (!isUtf8(stored)) return "text.invalid_utf8"
  return stored.includes(0) ? "text.nul" : undefined
}

/** Calls back for every value, with its row in the batch and its position among the page's values. */
function visit(slices: readonly PageSlice[], each: (row: number, page: LeafPage, at: number) => void): void {
  let row = 0
  for (const { page, from, to, value } of slices) {
    const { definitions } = page
    let at = value
    if (definitions === undefined) for (let entry = from; entry < to; entry++) each(row++, page, at++)
    else {
      const full = page.maxDefinition
      for (let entry = from; entry < to; entry++, row++) if (definitions[entry] === full) each(row, page, at++)
    }
  }
}

function nullsOf(slices: readonly PageSlice[], rows: number): Bitmask {
  const nulls = new Bitmask(rows)
  let row = 0
  for (const { page, from, to } of slices) {
    const { definitions } = page
    if (definitions === undefined) row += to - from
    else {
      const full = page.maxDefinition
      for (let entry = from; entry < to; entry++, row++) if (definitions[entry] !== full) nulls.set(row)
    }
  }
  return nulls
}
