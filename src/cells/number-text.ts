/**
 * A number as a spreadsheet shows it: at most 15 significant digits and no exponent. 10115, not 10115.0; 1234.56, not 1234.5599999999999. A
 * double is exact to 15 digits (DBL_DIG), and a spreadsheet keeps no more.
 */
export function numberText(value: number): string {
  if (Number.isSafeInteger(value)) return value === 0 ? "0" : fifteenDigits(value)
  return plain(String(rounded(value)))
}

/** Rounds to 15 digits. The few doubles that would round to infinity do not change. */
function rounded(value: number): number {
  const short = Number(value.toPrecision(15))
  return Number.isFinite(short) ? short : value
}

/** Most whole numbers have at most 15 digits already. */
function fifteenDigits(value: number): string {
  return Math.abs(value) < 1e15 ? String(value) : String(rounded(value))
}

/** The same number without an exponent. */
function plain(text: string): string {
  const split = text.indexOf("e")
  if (split < 0) return text
  const negative = text.startsWith("-")
  const [whole = "", fraction = ""] = text.slice(negative ? 1 : 0, split).split(".")
  const exponent = Number(text.slice(split + 1))
  const digits = whole + fraction
  const point = whole.length + exponent
  const sign = negative ? "-" : ""
  if (point <= 0) return `${sign}0.${"0".repeat(-point)}${digits}`
  return sign + digits.padEnd(point, "0")
}
