import { parseNumber } from "../../../cells/parse-number.ts"

/** No double needs more digits to be told from all others; what is longer holds something else. */
const longest = 1100

/** A number as XML Schema writes a double, or NaN: infinities and NaN are no numbers of a cell. */
export function readNumber(bytes: Buffer, start: number, end: number): number {
  return end - start > longest ? Number.NaN : parseNumber(bytes, start, end)
}
