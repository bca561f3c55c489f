/** The code point of the last reference or escape that was read, and its length in bytes. A returned object would be allocated for each. */
export const lastCharacter = { code: 0, length: 0 }

const names: readonly (readonly [bytes: Buffer, code: number])[] = [
  [Buffer.from("&amp;"), 38],
  [Buffer.from("&lt;"), 60],
  [Buffer.from("&gt;"), 62],
  [Buffer.from("&quot;"), 34],
  [Buffer.from("&apos;"), 39],
]

/** The number of a character has no more digits. */
const mostDigits = 8

/**
 * Reads the reference that begins at a "&" into `lastCharacter`. Returns false if there is none; the "&" then stands for itself. DTDs are refused, so
 * only the five predefined entities and numeric references exist.
 */
export function readReference(bytes: Buffer, at: number, end: number): boolean {
  if (bytes[at + 1] === 35) return readNumeric(bytes, at, end)
  for (const [name, code] of names) {
    if (at + name.length > end || !isAt(name, bytes, at)) continue
    lastCharacter.code = code
    lastCharacter.length = name.length
    return true
  }
  return false
}

/** For up to this many bytes, a loop is faster than a call to `compare`. */
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
  lastCharacter.code = code
  lastCharacter.length = digit + 1 - at
  return true
}

/**
 * Reads the escape `_xHHHH_` that begins at a "_" into `lastCharacter`. Returns false if there is none. Workbooks use it for characters that XML cannot
 * contain (ST_Xstring, ECMA-376 part 1, 22.9.2.19). The "x" is a small letter; Excel shows `_X0041_` as it stands.
 */
export function readEscape(bytes: Buffer, at: number, end: number): boolean {
  if (at + 7 > end || bytes[at + 1] !== 120 || bytes[at + 6] !== 95) return false
  let code = 0
  for (let digit = at + 2; digit < at + 6; digit++) {
    const value = hexDigit(bytes[digit])
    if (value < 0) return false
    code = code * 16 + value
  }
  lastCharacter.code = code
  lastCharacter.length = 7
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
