import { codesOf, type LeafPage } from "./leaf-page.ts"
import type { LeafType } from "./leaf-type.ts"
import type { PageSlice } from "./page-slice.ts"
import { StoredTexts } from "./stored-texts.ts"

/** Whether the values of a column are texts or are formatted as text. */
export function isTextual({ kind }: LeafType): boolean {
  return kind === "text" || kind === "formatted"
}

/** An upper bound for the bytes of texts: `base` for each value, and `perByte` for each stored byte. */
export function mostTextBytes(slices: readonly PageSlice[], base: number, perByte: number): number {
  let most = 0
  for (const { page, value, present } of slices) {
    if (present === 0) continue
    most += base * present
    const { values, dictionary } = page
    if (dictionary !== undefined) most += perByte * dictionary.mostBytes * present
    // The texts are stored in order, so the range from the first to the last contains all their bytes.
    else if (values instanceof StoredTexts) most += perByte * ((values.ends[value + present - 1] ?? 0) - (values.starts[value] ?? 0))
    else if ("lengthAt" in values) for (let at = value; at < value + present; at++) most += perByte * values.lengthAt(at)
  }
  return most
}

/**
 * Estimates the bytes of texts for the budget. Entries of a dictionary with short texts count with their mean length, so that this need not look at
 * each entry.
 */
export function estimatedTextBytes(slices: readonly PageSlice[], type: LeafType): number {
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

/** Adds to each row the bytes of its texts. In a repeated column, a row begins with an entry of repetition level 0. */
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

/** Returns a function from the position of a value in the page to its stored bytes, or 0 if it is not a text. */
function storedLengths(page: LeafPage): (at: number) => number {
  const { values, dictionary } = page
  if (dictionary !== undefined) {
    const { stored } = dictionary
    const codes = codesOf(page)
    return stored instanceof StoredTexts ? (at) => stored.lengthAt(codes[at] ?? 0) : () => 0
  }
  return "lengthAt" in values ? (at) => values.lengthAt(at) : () => 0
}
