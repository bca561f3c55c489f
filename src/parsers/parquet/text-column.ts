import { isUtf8 } from "node:buffer"
import { BytesBuilder } from "../../cells/bytes-builder.ts"
import { Bitmask } from "../../model/bitmask.ts"
import type { Column } from "../../model/column.ts"
import type { BytesColumn } from "../../model/columns/bytes-column.ts"
import { DictionaryColumn } from "../../model/columns/dictionary-column.ts"
import { codesOf, entryAt, type LeafDictionary, storedAt } from "./leaf-page.ts"
import type { LeafType } from "./leaf-type.ts"
import { type PageSlice, visit } from "./page-slice.ts"
import { StoredTexts } from "./stored-texts.ts"
import { mostTextBytes } from "./text-bytes.ts"

/** Why stored bytes are not a valid text. */
export type TextFault = "text.invalid_utf8" | "text.nul"

/** Called with the row of an invalid text, and the reason. */
export type OnBadText = (row: number, code: TextFault) => void

/** Most bytes of a dictionary that batches share. A larger one means that most values of the column differ. */
const mostSharedBytes = 4 << 20

/**
 * Builds a text column. It is a dictionary column if all rows share one dictionary that is not much larger than the batch, because checks look at each
 * entry. Otherwise it is a column of bytes.
 */
export function textColumn(slices: readonly PageSlice[], rows: number, type: LeafType, onBadText: OnBadText): Column<unknown> {
  const shared = slices.find(({ page }) => page.dictionary !== undefined)?.page.dictionary
  if (shared !== undefined && isShared(shared, slices, rows, type)) return sharedColumn(shared, slices, rows, type, onBadText)
  const column = type.kind === "text" ? copiedTexts(slices, rows) : formattedTexts(slices, rows, type)
  return type.kind !== "text" || isAllText(column) ? column : markedTexts(column, onBadText)
}

function isShared(shared: LeafDictionary, slices: readonly PageSlice[], rows: number, type: LeafType): boolean {
  const entries = shared.stored.length
  if (entries > Math.max(rows, 1024) || entries * type.textBase + shared.bytes * type.textPerByte > mostSharedBytes) return false
  return slices.every(({ page, present }) => page.dictionary === shared || present === 0)
}

/** Copies the bytes of texts without checking them. */
function copiedTexts(slices: readonly PageSlice[], rows: number): BytesColumn {
  const texts = new BytesBuilder(rows, capacityOf(slices, undefined))
  let first = 0
  for (const slice of slices) {
    const { page, value, present } = slice
    const { values, dictionary } = page
    if (present > 0 && dictionary !== undefined && dictionary.stored instanceof StoredTexts) {
      const { bytes, starts, ends } = dictionary.stored
      const codes = codesOf(page)
      visit([slice], (row, at) => {
        const code = codes[at] ?? 0
        texts.setBytes(first + row, bytes, starts[code], ends[code])
      })
    } else if (present > 0 && "lengthAt" in values) {
      const { bytes, starts, ends } = values.range(value, value + present)
      visit([slice], (row, at) => texts.setBytes(first + row, bytes, starts[at - value], ends[at - value]))
    }
    first += slice.to - slice.from
  }
  return texts.column()
}

/** Formats values of other types as text. */
function formattedTexts(slices: readonly PageSlice[], rows: number, type: LeafType): BytesColumn {
  const texts = new BytesBuilder(rows, capacityOf(slices, type))
  visit(slices, (row, at, page) => texts.setText(row, String(type.read(storedAt(page, at)))))
  return texts.column()
}

/** The initial capacity: enough for all texts, but at most 64 KiB, because a table may have thousands of columns. */
function capacityOf(slices: readonly PageSlice[], type: LeafType | undefined): number {
  return Math.max(64, Math.min(64 * 1024, mostTextBytes(slices, type?.textBase ?? 0, type?.textPerByte ?? 1)))
}

/**
 * Whether all texts are valid UTF-8 without NUL. They are checked as one text: if the whole is valid, the parts are valid, unless one begins within
 * a character.
 */
function isAllText({ bytes, starts, ends, length }: BytesColumn): boolean {
  let end = 0
  for (let row = 0; row < length; row++) {
    const [start = 0, own = 0] = [starts[row], ends[row]]
    if (own === start) continue
    if (((bytes[start] ?? 0) & 0xc0) === 0x80) return false
    end = own
  }
  const all = bytes.subarray(0, end)
  return isUtf8(all) && !all.includes(0)
}

/** Reports invalid texts, and replaces their invalid characters. */
function markedTexts(column: BytesColumn, onBadText: OnBadText): BytesColumn {
  const { bytes, starts, ends, length, nulls } = column
  const texts = new BytesBuilder(length)
  for (let row = 0; row < length; row++) {
    if (nulls.has(row)) continue
    const [start = 0, end = 0] = [starts[row], ends[row]]
    const own = bytes.subarray(start, end)
    const fault = textFault(own)
    if (fault !== undefined) onBadText(row, fault)
    if (fault === "text.invalid_utf8") texts.setText(row, own.toString())
    else texts.setBytes(row, own)
  }
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
  dictionary.texts ??= Array.from({ length: dictionary.stored.length }, (_, code) => String(type.read(entryAt(dictionary, code))))
  const faults = type.kind === "text" ? faultsOf(dictionary) : undefined
  let first = 0
  for (const slice of slices) {
    const own = codesOf(slice.page)
    if (slice.page.definitions === undefined && faults?.size === 0) codes.set(own.subarray(slice.value, slice.value + slice.present), first)
    else
      visit([slice], (row, at) => {
        const code = own[at] ?? 0
        codes[first + row] = code
        const fault = faults?.get(code)
        if (fault !== undefined) onBadText(first + row, fault)
      })
    first += slice.to - slice.from
  }
  return new DictionaryColumn(codes, dictionary.texts, rows, nullsOf(slices, rows))
}

const faultsByDictionary = new WeakMap<LeafDictionary, ReadonlyMap<number, TextFault>>()

/** The entries that are not valid texts. Mostly there are none. */
function faultsOf(dictionary: LeafDictionary): ReadonlyMap<number, TextFault> {
  const known = faultsByDictionary.get(dictionary)
  if (known !== undefined) return known
  const faults = new Map<number, TextFault>()
  for (let code = 0; code < dictionary.stored.length; code++) {
    const fault = textFault(entryAt(dictionary, code))
    if (fault !== undefined) faults.set(code, fault)
  }
  faultsByDictionary.set(dictionary, faults)
  return faults
}

/** Why stored bytes are not a valid text, or undefined if they are. */
export function textFault(stored: unknown): TextFault | undefined {
  if (!(stored instanceof Uint8Array)) return undefined
  if (!isUtf8(stored)) return "text.invalid_utf8"
  return stored.includes(0) ? "text.nul" : undefined
}

/** The rows whose entries are null. */
export function nullsOf(slices: readonly PageSlice[], rows: number): Bitmask {
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
