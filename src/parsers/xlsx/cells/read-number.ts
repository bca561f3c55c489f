import { parseNumber } from "../../../cells/parse-number.ts"

/** A double never needs more characters than this. */
const longest = 1100

/** Parses a double of XML Schema. Returns NaN for other texts, and for INF and NaN, which a cell cannot hold. */
export function readNumber(bytes: Buffer, start: number, end: number): number {
  return end - start > longest ? Number.NaN : parseNumber(bytes, start, end)
}
