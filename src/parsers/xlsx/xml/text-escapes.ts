/** What the last reference or escape stood for, and its bytes. */
export const found = { code: 0, length: 0 }

const names: readonly (readonly [bytes: Buffer, code: number])[] = [
  [Buffer.from("&amp;"), 38],
  [Buffer.from("&lt;"), 60],
  [Buffer.from("&gt;"), 62],
  [Buffer.from("&quot;"), 34],
  [Buffer.from("&apos;"), 39],
]

/** No number of a character has more digits. */
const mostDigits = 8

/**
 * Reads the reference that a "&" begins, into `found`; false where it is none, and then it stands for itself. Without a DTD, which is
 * refused, there are the five named ones and the numeric ones.
 */
export function readReference(bytes: Buffer, at: number, end: number): boolean {
  if (bytes[at + 1] === 35) return readNumeric(bytes, at, end)
  for (const [name, code] of names) {
    if (at + name.length > end || !isAt(name, bytes, at)) continue
    found.code = code
    found.length = name.length
    return true
  }
  return false
}

/** A call to `compare` would take longer than the few bytes. */
function isAt(name: Buffer, bytes: Buffer, at: number): boolean {
  for (let i = 0; i < name.length; i++) if (bytes[at + i] !== name[i]) return false
  return true
}

/** `&#65;` or `&#x41;`. */
function readNumeric(bytes: Buffer, at: number, end: number): boolean {
  const isHex = ((bytes[at + 2] ?? 0) | 32) === 120
  const first = at + (isHex ? 3 : 2)
  let code = 0
  let digit = first
  for (; digit < end && digit - first <= mostDigits; digit++) {
    const value = isHex ? hexDigit(bytes[digit]) : decimalDigit(bytes[digit])
    if (value < 0) break
    code = code * (isHex ? 16 : 10) + value
  }
  if (digit === first || digit >= end || bytes[digit] !== 59) return false
  found.code = code
  found.length = digit + 1 - at
  return true
}

/**
 * Reads the `_xHHHH_` that a "_" begins, into `found`; false where it is none. By it XML carries what it cannot hold (ST_Xstring, ECMA-376
 * part 1, 22.9.2.19).
 */
export function readEscape(bytes: Buffer, at: number, end: number): boolean {
  if (at + 7 > end || ((bytes[at + 1] ?? 0) | 32) !== 120 || bytes[at + 6] !== 95) return false
  let code = 0
  for (let digit = at + 2; digit < at + 6; digit++) {
    const value = hexDigit(bytes[digit])
    if (value < 0) return false
    code = code * 16 + value
  }
  found.code = code
  found.length = 7
  return true
}

function decimalDigit(byte: number | undefined): number {
  return byte !== undefined && byte >= 48 && byte <= 57 ? byte - 48 : -1
}

function hexDigit(byte: number | undefined): number {
  const decimal = decimalDigit(byte)
  if (decimal >= 0) return decimal
  const letter = (byte ?? 0) | 32
  return letter >= 97 && letter <= 102 ? letter - 87 : -1
}
