import { codesOf, type LeafPage } from "./leaf-page.ts"
import type { LeafType } from "./leaf-type.ts"
import type { PageSlice } from "./page-slice.ts"
import { StoredTexts } from "./stored-texts.ts"

/** Whether the values of a column are texts, or become some. */
export function isWritten({ kind }: LeafType): boolean {
  return kind === "text" || kind === "written"
}

/** Bytes that the texts of some entries have at most: so many for each, and so many for each byte that is stored. */
export function mostTextBytes(slices: readonly PageSlice[], base: number, perByte: number): number {
  let most = 0
  for (const { page, value, present } of slices) {
    if (present === 0) continue
    most += base * present
    const { values, dictionary } = page
    if (dictionary !== undefined) most += perByte * dictionary.mostBytes * present
    // They stand in their order, so that between the first and the last are at least all bytes.
    else if (values instanceof StoredTexts) most += perByte * ((values.ends[value + present - 1] ?? 0) - (values.starts[value] ?? 0))
    else if ("lengthAt" in values) for (let at = value; at < value + present; at++) most += perByte * values.lengthAt(at)
  }
  return most
}

/**
 * About how many bytes the texts of some entries have, for the budget: of the entries of a dictionary whose texts are short, each counts as their
 * mean, since nothing else would be looked at for each.
 */
export function aboutTextBytes(slices: readonly PageSlice[], type: LeafType): number {
  let about = 0
  for (const slice of slices) {
    const { page, present } = slice
    if (present === 0) continue
    const { dictionary } = page
    if (dictionary === undefined || dictionary.mostBytes > 64) about += textBytes(slice, type)
    else about += present * (type.textBase + (type.textPerByte * dictionary.bytes) / Math.max(1, dictionary.stored.length))
  }
  return about
}

function textBytes({ page, value, present }: PageSlice, type: LeafType): number {
  const lengthAt = storedLengths(page)
  let bytes = 0
  for (let at = value; at < value + present; at++) bytes += lengthAt(at)
  return type.textBase * present + type.textPerByte * bytes
}

/** Adds to each row what its texts have in bytes. In a column that repeats, a row begins with an entry of repetition level 0. */
export function addTextBytes(slices: readonly PageSlice[], type: LeafType, rows: Float64Array): void {
  let row = -1
  for (const { page, from, to, value } of slices) {
    const { definitions, repetitions, maxDefinition } = page
    const lengthAt = storedLengths(page)
    let at = value
    for (let entry = from; entry < to; entry++) {
      if ((repetitions?.[entry] ?? 0) === 0) row++
      if (definitions !== undefined && definitions[entry] !== maxDefinition) continue
      rows[row] = (rows[row] ?? 0) + type.textBase + type.textPerByte * lengthAt(at++)
    }
  }
}

/** What gives the bytes of a stored value, by its position among the page's values; 0 for what is no bytes. */
function storedLengths(page: LeafPage): (at: number) => number {
  const { values, dictionary } = page
  if (dictionary !== undefined) {
    const { stored } = dictionary
    const codes = codesOf(page)
    return stored instanceof StoredTexts ? (at) => stored.lengthAt(codes[at] ?? 0) : () => 0
  }
  return "lengthAt" in values ? (at) => values.lengthAt(at) : () => 0
}
