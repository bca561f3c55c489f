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

/** Why stored bytes are no text. */
export type TextFault = "text.invalid_utf8" | "text.nul"

/** Called for a text that is no text: its row, and why. */
export type OnBadText = (row: number, code: TextFault) => void

/** Most bytes of a dictionary's texts that batches share. A larger one is rather a column whose values differ. */
const mostSharedBytes = 4 << 20

/** A dictionary where all rows share one that is not much larger than they are, since checks look at each of its values; else bytes. */
export function textColumn(slices: readonly PageSlice[], rows: number, type: LeafType, onBadText: OnBadText): Column<unknown> {
  const shared = slices.find(({ page }) => page.dictionary !== undefined)?.page.dictionary
  if (shared !== undefined && isShared(shared, slices, rows, type)) return sharedColumn(shared, slices, rows, type, onBadText)
  const column = type.kind === "text" ? copiedTexts(slices, rows) : writtenTexts(slices, rows, type)
  return type.kind !== "text" || isAllText(column) ? column : markedTexts(column, onBadText)
}

function isShared(shared: LeafDictionary, slices: readonly PageSlice[], rows: number, type: LeafType): boolean {
  const entries = shared.stored.length
  if (entries > Math.max(rows, 1024) || entries * type.textBase + shared.bytes * type.textPerByte > mostSharedBytes) return false
  return slices.every(({ page, present }) => page.dictionary === shared || present === 0)
}

/** The bytes of texts, whatever they are. */
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

/** Values that are no texts as the text that they are written as. */
function writtenTexts(slices: readonly PageSlice[], rows: number, type: LeafType): BytesColumn {
  const texts = new BytesBuilder(rows, capacityOf(slices, type))
  visit(slices, (row, at, page) => texts.setText(row, String(type.read(storedAt(page, at)))))
  return texts.column()
}

/** Room for the texts, where that is not much; else the room grows with them. A table may have thousands of columns. */
function capacityOf(slices: readonly PageSlice[], type: LeafType | undefined): number {
  return Math.max(64, Math.min(64 * 1024, mostTextBytes(slices, type?.textBase ?? 0, type?.textPerByte ?? 1)))
}

/**
 * Whether all texts are UTF-8 without NUL. They are looked at as one: what is valid as a whole is valid in its parts, unless one begins within a
 * character.
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

/** The same texts, the characters of those that are none replaced. */
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

/** The entries that are no text; most often none. */
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

/** Why stored bytes are no text. */
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
