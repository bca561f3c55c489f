import { dropSpace, maySpace, skipSpace } from "./white-space.ts"

const powersOfTen = Float64Array.from({ length: 23 }, (_, exponent) => 10 ** exponent)

/** Where the last `parseNumber` found the plain decimal form of its number; empty (`start === end`) if there is none. */
export const plainForm = { start: 0, end: 0 }

/**
 * Reads a decimal number from bytes: sign, digits, point and exponent, with optional white space around it. NaN if the text is anything else.
 *
 * Up to 15 digits are exact in a double, and so are the powers of ten up to 10^22. One division therefore rounds only once and correctly
 * (Clinger's fast path). Longer numbers go through `Number`. The plain form drops trailing zeros of a fraction, so that "12.00" can be copied
 * into an integer column as "12".
 */
export function parseNumber(bytes: Uint8Array, from: number, to: number): number {
  const start = maySpace(bytes[from]) ? skipSpace(bytes, from, to) : from
  const end = maySpace(bytes[to - 1]) ? dropSpace(bytes, start, to) : to
  plainForm.start = plainForm.end = start
  let at = start
  const sign = bytes[at]
  if (sign === 45 || sign === 43) at++
  const first = at
  let mantissa = 0
  let digits = 0
  let point = -1
  let lastNonZero = at
  for (; at < end; at++) {
    const byte = bytes[at] ?? 0
    if (byte >= 48 && byte <= 57) {
      mantissa = mantissa * 10 + byte - 48
      digits++
      if (byte !== 48) lastNonZero = at
    } else if (byte === 46 && point < 0) {
      point = at
    } else break
  }
  if (digits === 0) return Number.NaN
  if (at < end || digits > 15) return slowNumber(bytes, start, at, end)
  const decimals = point < 0 ? 0 : end - point - 1
  const value = decimals === 0 ? mantissa : mantissa / (powersOfTen[decimals] ?? Number.NaN)
  const leadingZero = bytes[first] === 48 && first + 1 < end && point !== first + 1
  if (sign !== 43 && !leadingZero && point !== first) {
    plainForm.start = start
    plainForm.end = point < 0 ? end : lastNonZero > point ? lastNonZero + 1 : point
  }
  return sign === 45 ? -value : value
}

/** Reads an exponent or more than 15 digits. The check comes first because `Number` also accepts hex, blanks and "Infinity". */
function slowNumber(bytes: Uint8Array, start: number, mantissaEnd: number, end: number): number {
  let at = mantissaEnd
  if (at < end) {
    if (((bytes[at] ?? 0) | 32) !== 101) return Number.NaN
    at++
    if (bytes[at] === 45 || bytes[at] === 43) at++
    if (at === end) return Number.NaN
    for (; at < end; at++) {
      const byte = bytes[at] ?? 0
      if (byte < 48 || byte > 57) return Number.NaN
    }
  }
  const value = Number(Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("latin1"))
  return Number.isFinite(value) ? value : Number.NaN
}
