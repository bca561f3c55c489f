import { dropZeros } from "../../../cells/drop-zeros.ts"

/** A double has this many digits of any decimal number, and a spreadsheet shows no more. */
const sureDigits = 15
/** Programs write a double with at most as many digits. */
const doubleDigits = 17
/** `toPrecision` writes no more digits. */
const mostDigits = 100
/** An amount has no more digits after the point. */
const amountDecimals = 2
/** Among 17 digits, so many after the point are what a calculation left. Comparing them with the double would take longer than reading it. */
const calculatedDecimals = 10

/**
 * Whether a number cell would lose digits of the text that it was read from.
 *
 * Excel keeps 15 digits of what is typed and stores a double with up to 17: `1234.5599999999999` is 1234.56. Other programs store ids and amounts of any
 * length. More than 15 digits are a double if it has the same ones; but a whole number is an id, and one with one or two decimals an amount.
 */
export function losesDigits(bytes: Uint8Array, start: number, end: number, value: number): boolean {
  let [digits, zeros, decimals, at] = [0, 0, -1, start]
  for (; at < end; at++) {
    const byte = bytes[at] as number
    if (byte === 46) decimals = 0
    else if (byte === 101 || byte === 69) break
    else if (byte >= 48 && byte <= 57) {
      if (decimals >= 0) decimals++
      if (byte !== 48 || digits > 0) digits++
      zeros = byte === 48 ? zeros + 1 : 0
    }
  }
  digits -= Math.min(zeros, digits)
  if (digits <= sureDigits) return false
  const fraction = Math.max(0, decimals - zeros)
  if (digits > mostDigits || (at === end && fraction <= amountDecimals)) return true
  if (digits <= doubleDigits && fraction >= calculatedDecimals) return false
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, at - start).toString("latin1")
  return significant(value.toPrecision(digits)) !== significant(text)
}

/** The digits of a number, without its sign, its point, its exponent and the zeros at both ends. */
function significant(text: string): string {
  const [mantissa = ""] = text.trim().split("e", 1)
  return dropZeros(mantissa.replace(/^[-+]?[0.]*/, "").replace(".", ""))
}
