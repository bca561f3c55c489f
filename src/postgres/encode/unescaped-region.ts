import type { TextField } from "./text-field.ts"

const newline = 10
const carriageReturn = 13
const quote = 34
/** Backslash, tab, U+0000. */
const special = [92, 9, 0]
/** Last rows of a batch among which one is looked for that stands in one place: text that was unquoted lies behind all rows. */
const lastRows = 16

/** A part of a buffer. */
export interface Region {
  readonly from: number
  readonly to: number
}

/**
 * The part of the buffer in which the rows stand, if nothing must be escaped there: it has none of the special bytes, and no line end but
 * those before rows. Native searches find that out, so that the rows need not be looked at byte by byte while they are copied. Fields may lie
 * elsewhere all the same.
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
 * Counts the line ends that stand right before a row, or before its opening quote: there must be no others. Where texts stand one behind the
 * other with nothing between, the line end before a row is the last character of a field of the row before, and is none.
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

/** How often a byte occurs; it stops counting at the limit. */
function countOf(byte: number, region: Buffer, limit: number): number {
  let count = 0
  for (let at = region.indexOf(byte); at >= 0 && count < limit; at = region.indexOf(byte, at + 1)) count++
  return count
}
