import type { Field } from "./field.ts"

const newline = 10
const carriageReturn = 13
const quote = 34
/** Backslash, tab, U+0000. */
const special = [92, 9, 0]

/**
 * Whether the fields of all rows stand in a part of the buffer where nothing must be escaped: none of the special bytes, and no line
 * end but those before rows. Native searches make this some 40 ms for a million rows of a hundred bytes, where looking at each byte
 * while it is copied costs 100.
 */
export function isClean(bytes: Uint8Array, fields: readonly Field[], rows: number): boolean {
  let from = bytes.length
  let to = 0
  for (const { starts, ends } of fields) {
    from = Math.min(from, starts[0] as number)
    to = Math.max(to, ends[rows - 1] as number)
  }
  if (from >= to) return false
  const region = Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from)
  if (special.some((byte) => region.includes(byte))) return false
  return lineEndsAreRowEnds(region, from, fields, rows) && fields.every((field) => isInside(field, rows, from, to))
}

/** Counts the line ends that stand right before a row, or before its opening quote: there must be no others. */
function lineEndsAreRowEnds(region: Buffer, from: number, fields: readonly Field[], rows: number): boolean {
  const starts = fields[0]?.starts ?? new Uint32Array(0)
  let newlines = 0
  let returns = 0
  for (let row = 1; row < rows; row++) {
    let before = (starts[row] as number) - from - 1
    if (region[before] === quote) before--
    if (region[before] !== newline) continue
    newlines++
    if (region[before - 1] === carriageReturn) returns++
  }
  return countOf(newline, region, rows) === newlines && countOf(carriageReturn, region, rows) === returns
}

/** How often a byte occurs; it stops counting at the limit. */
function countOf(byte: number, region: Buffer, limit: number): number {
  let count = 0
  for (let at = region.indexOf(byte); at >= 0 && count < limit; at = region.indexOf(byte, at + 1)) count++
  return count
}

/** Ranges need not stand in the order of their rows. */
function isInside({ starts, ends }: Field, rows: number, from: number, to: number): boolean {
  for (let row = 0; row < rows; row++) if ((starts[row] as number) < from || (ends[row] as number) > to) return false
  return true
}
