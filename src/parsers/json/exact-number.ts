import { dropZeros } from "../../cells/drop-zeros.ts"
import { parseNumber } from "../../cells/parse-number.ts"

/** Written with 17 digits and no exponent, no double is longer than this. */
const longestExact = 340

/**
 * The number in a range of bytes; NaN if a double cannot hold the same digits, so that its text must be kept. Whole numbers beyond 2^53 always
 * stay text, as in parquet: the last digits of an id must not decide whether it is text.
 */
export function exactNumber(bytes: Uint8Array, start: number, end: number, hasExponent: boolean): number {
  if (end - start <= 15 && !hasExponent) return parseNumber(bytes, start, end)
  if (end - start > longestExact) return Number.NaN
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("latin1")
  const value = Number(text)
  if (!Number.isFinite(value) || (Math.abs(value) > Number.MAX_SAFE_INTEGER && /^-?[0-9]+$/.test(text))) return Number.NaN
  return digitsOf(text) === digitsOf(String(value)) ? value : Number.NaN
}

/** The significant digits and the power of ten of the last one. Equal for equal numbers, however they are written. */
function digitsOf(text: string): string {
  const [mantissa = "", exponent = "0"] = (text.startsWith("-") ? text.slice(1) : text).toLowerCase().split("e", 2)
  const [whole = "", fraction = ""] = mantissa.split(".", 2)
  const digits = (whole + fraction).replace(/^0+/, "")
  const significant = dropZeros(digits)
  if (significant === "") return "0"
  return `${significant}e${Number(exponent) - fraction.length + digits.length - significant.length}`
}
