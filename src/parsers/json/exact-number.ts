import { dropZeros } from "../../cells/drop-zeros.ts"
import { parseNumber } from "../../cells/parse-number.ts"

/** No double needs more characters than this to be written with its 17 digits and no exponent. */
const longestExact = 340

/**
 * The number that stands in a range of bytes; NaN where a double would not hold the same digits and the text has to stand for it. Whole numbers
 * beyond 2^53 are such whatever their digits, as they are in parquet: whether an id is text does not hang on its last digits.
 */
export function exactNumber(bytes: Uint8Array, start: number, end: number, hasExponent: boolean): number {
  if (end - start <= 15 && !hasExponent) return parseNumber(bytes, start, end)
  if (end - start > longestExact) return Number.NaN
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("latin1")
  const value = Number(text)
  if (!Number.isFinite(value) || (Math.abs(value) > Number.MAX_SAFE_INTEGER && /^-?[0-9]+$/.test(text))) return Number.NaN
  return digitsOf(text) === digitsOf(String(value)) ? value : Number.NaN
}

/** Significant digits with the power of ten of the last one: equal for numbers of equal size, however they are written. */
function digitsOf(text: string): string {
  const [mantissa = "", exponent = "0"] = (text.startsWith("-") ? text.slice(1) : text).toLowerCase().split("e", 2)
  const [whole = "", fraction = ""] = mantissa.split(".", 2)
  const digits = (whole + fraction).replace(/^0+/, "")
  const significant = dropZeros(digits)
  if (significant === "") return "0"
  return `${significant}e${Number(exponent) - fraction.length + digits.length - significant.length}`
}
