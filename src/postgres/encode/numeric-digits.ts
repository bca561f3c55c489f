/**
 * The binary form of `numeric`: the number of digits in base 10,000, the power of the first one, the sign, the number of decimal digits after the
 * point, and the digits (`numeric_send` of PostgreSQL's numeric.c). All are 16-bit integers.
 */
const headBytes = 8
const negative = 0x4000
/** The most decimal digits after the point, and the most before it that are written here. */
const mostScale = 16_383
const mostWhole = 100_000

const point = 46
const minus = 45
const zero = 48

/** The most bytes that a decimal takes whose text has `length` bytes. */
export function mostNumericBytes(length: number): number {
  return headBytes + 2 * ((length >> 2) + 3)
}

/**
 * Writes a decimal like `-12.50` and returns where it ends; -1 if the text has another form, such as `1e5` or `007`, or other digits than zeros
 * beyond the scale of the column.
 */
export function writeNumeric(text: Uint8Array, start: number, end: number, out: DataView, at: number, within?: number): number {
  const sign = text[start] === minus ? negative : 0
  const begin = sign === 0 ? start : start + 1
  let whole = begin
  while (isDigit(text[whole]) && whole < end) whole++
  const fraction = whole < end && text[whole] === point ? whole + 1 : whole
  let stop = fraction
  while (isDigit(text[stop]) && stop < end) stop++
  const scale = stop - fraction
  if (stop !== end || whole - begin + scale === 0 || scale > mostScale || whole - begin > mostWhole) return -1
  if (text[begin] === zero && whole - begin > 1) return -1
  if (within !== undefined && scale > within) {
    if (within < 0) return -1
    for (let place = fraction + within; place < end; place++) if (text[place] !== zero) return -1
  }
  let weight = ((whole - begin + 3) >> 2) - 1
  let count = 0
  let last = 0
  // The first digit in base 10,000 takes the decimal digits that exceed a multiple of four.
  let from = begin < whole ? begin : fraction
  let to = from + (begin < whole ? (whole - begin) & 3 || 4 : 4)
  while (from < end) {
    const inWhole = from < whole
    const limit = inWhole ? whole : end
    let digit = 0
    for (let place = from; place < to; place++) digit = digit * 10 + (place < limit ? (text[place] as number) - 48 : 0)
    if (count > 0 || digit !== 0) {
      out.setInt16(at + headBytes + 2 * count, digit)
      count++
      if (digit !== 0) last = count
    } else weight--
    from = to
    if (inWhole && from >= whole) from = fraction
    to = from + 4
  }
  out.setInt16(at, last)
  out.setInt16(at + 2, last === 0 ? 0 : weight)
  out.setInt16(at + 4, last === 0 ? 0 : sign)
  out.setInt16(at + 6, scale)
  return at + headBytes + 2 * last
}

/** The text of a decimal from `writeNumeric`. */
export function numericText(bytes: DataView, at: number): string {
  const count = bytes.getInt16(at)
  const weight = bytes.getInt16(at + 2)
  const scale = bytes.getInt16(at + 6)
  const digit = (power: number) => {
    const index = weight - power
    return index >= 0 && index < count ? String(bytes.getInt16(at + headBytes + 2 * index)).padStart(4, "0") : "0000"
  }
  let whole = ""
  for (let power = weight; power >= 0; power--) whole += digit(power)
  let fraction = ""
  for (let power = -1; fraction.length < scale; power--) fraction += digit(power)
  const sign = bytes.getInt16(at + 4) === negative ? "-" : ""
  return `${sign}${whole.replace(/^0+(?=\d)/, "") || "0"}${scale === 0 ? "" : `.${fraction.slice(0, scale)}`}`
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 48 && byte <= 57
}
