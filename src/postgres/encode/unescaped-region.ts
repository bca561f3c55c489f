import type { TextField } from "./text-field.ts"

const newline = 10
const carriageReturn = 13
const quote = 34
/** Backslash, tab, U+0000. */
const special = [92, 9, 0]
/** Unquoted text is stored after all rows. The search for the last row whose fields are close together covers this many rows at the end of a batch. */
const lastRows = 16

/** A part of a buffer. */
export interface Region {
  readonly from: number
  readonly to: number
}

/**
 * The part of the buffer that holds the rows, if nothing in it must be escaped: it has no special bytes, and no line ends except those before rows.
 * Native searches check that, so the rows can be copied without looking at each byte. Single fields may still be elsewhere.
 */
export function unescapedRegion(bytes: Uint8Array, fields: readonly TextField[], rows: number): Region | undefined {
  let last = { row: 0, start: 0, end: Number.POSITIVE_INFINITY }
  for (let row = Math.max(0, rows - lastRows); row < rows; row++) {
    const start = fields.reduce((least, { starts }) => Math.min(least, starts[row] as number), bytes.length)
    const end = fields.reduce((most, { ends }) => Math.max(most, ends[row] as number), 0)
    if (end - start <= last.end - last.start) last = { row, start, end }
  }
  const from = fields.reduce((least, { starts }) => Math.min(least, starts[0] as number), bytes.length)
  const to = last.end
  if (from >= to) return undefined
  const region = Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from)
  if (special.some((byte) => region.includes(byte))) return undefined
  return lineEndsAreRowEnds(region, from, fields, last.row + 1) ? { from, to } : undefined
}

/**
 * Counts the line ends right before a row, or before its opening quote; there must be no others. If texts are stored without anything in between, the
 * line end before a row may be the last character of a field of the previous row, which does not count.
 */
function lineEndsAreRowEnds(region: Buffer, from: number, fields: readonly TextField[], rows: number): boolean {
  const starts = fields[0]?.starts ?? new Uint32Array(0)
  const ends = fields.map((field) => field.ends)
  let newlines = 0
  let returns = 0
  for (let row = 1; row < rows; row++) {
    let before = (starts[row] as number) - from - 1
    if (region[before] === quote) before--
    if (region[before] !== newline) continue
    newlines++
    if (region[before - 1] === carriageReturn) {
      returns++
      before--
    }
    for (let j = 0; j < ends.length; j++) {
      if (
        ((ends[j] as Uint32Array)[row - 1] as number) - from > before &&
        ((fields[j] as TextField).starts[row - 1] as number) - from <= before
      )
        return false
    }
  }
  return countOf(newline, region, rows) === newlines && countOf(carriageReturn, region, rows) === returns
}

/** How often a byte occurs, counted up to the limit. */
function countOf(byte: number, region: Buffer, limit: number): number {
  let count = 0
  for (let at = region.indexOf(byte); at >= 0 && count < limit; at = region.indexOf(byte, at + 1)) count++
  return count
}
