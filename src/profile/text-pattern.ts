import type { KeyHash } from "../sketch/key-hash.ts"

/** Only this many bytes make the pattern. */
const longest = 64
const [literal, digit, upper, lower, space, named, lead, rest] = [0, 1, 2, 3, 4, 5, 6, 7]
/** A run of more letters than this is not counted further: `A+` and `a+`. */
const mostCapitals = 4
const mostSmall = 1
/** A run of more digits than this is written with its length: `9{13}`. */
const mostDigits = 6

/** What a byte is, or begins. */
const classes = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte >= 48 && byte <= 57) return digit
  if (byte >= 65 && byte <= 90) return upper
  if (byte >= 97 && byte <= 122) return lower
  if (byte === 32 || (byte >= 9 && byte <= 13)) return space
  return byte < 0x80 ? literal : byte < 0xc0 ? rest : lead
})
const hexDigits = Uint8Array.from({ length: 256 }, (_, byte) => (/[0-9a-f]/i.test(String.fromCharCode(byte)) ? 1 : 0))

/** Patterns that have names. A long hexadecimal number has its length added. */
const [email, url, uuid, hex] = [named << 8, (named << 8) + 1, (named << 8) + 2, (named << 8) + 16]
const more = (named << 8) + 3

/**
 * The pattern of a text, and its length. `999-AAA` has three digits, a hyphen and three capitals; `9{13}` has 13 digits, `A+` more than four capitals,
 * `a+` more than one small letter. Emails, URLs, UUIDs and long hexadecimal numbers are named instead. Only the first 64 bytes count.
 *
 * The result stays in the fields, so that a million texts allocate nothing. It is a list of symbols; `toString` spells them.
 */
export class TextPattern {
  /** A byte, or a kind in the upper byte and how often it is repeated in the lower one. */
  readonly #symbols = new Int32Array(longest + 1)
  #length = 0
  /** Characters (code points) of the whole text. */
  characters = 0

  read(bytes: Uint8Array, start: number, end: number): void {
    const symbols = this.#symbols
    const stop = end - start > longest ? start + longest : end
    let [characters, run, times, length, spaces, signs] = [0, literal, 0, 0, 0, 0]
    for (let at = start; at < stop; at++) {
      const byte = bytes[at] as number
      let kind = classes[byte] as number
      if (kind >= lead) {
        if (kind === rest) continue
        kind = isCapital(byte, bytes[at + 1] ?? 0) ? upper : lower
      }
      characters++
      if (kind === run && kind !== literal) {
        times++
        continue
      }
      if (run !== literal) symbols[length++] = symbolOf(run, times)
      run = kind
      times = 1
      if (kind === literal) {
        symbols[length++] = byte
        if (byte === 64) signs++
      } else if (kind === space) spaces++
    }
    if (run !== literal) symbols[length++] = symbolOf(run, times)
    for (let at = stop; at < end; at++) if (classes[bytes[at] as number] !== rest) characters++
    this.characters = characters
    const name = spaces > 0 || length < 3 ? 0 : nameOf(bytes, start, end, signs, length)
    if (name !== 0) {
      symbols[0] = name
      length = 1
    } else if (stop < end) symbols[length++] = more
    this.#length = length
  }

  /** Puts a hash of the pattern into a `KeyHash`. */
  hash(hash: KeyHash): void {
    let a = 0x9e3779b9 | 0
    let b = this.#length
    for (let at = 0; at < this.#length; at++) {
      const symbol = this.#symbols[at] as number
      a = Math.imul(((a << 13) | (a >>> 19)) ^ symbol, 0xcc9e2d51)
      b = Math.imul(((b << 15) | (b >>> 17)) + symbol, 0x1b873593)
    }
    hash.a = a
    hash.b = b
    hash.c = this.#length
    hash.finish()
  }

  toString(): string {
    return Array.from(this.#symbols.subarray(0, this.#length), spelled).join("")
  }
}

function symbolOf(kind: number, times: number): number {
  if (kind === digit) return (digit << 8) | times
  if (kind === space) return (space << 8) | 1
  const most = kind === upper ? mostCapitals : mostSmall
  return (kind << 8) | (times > most ? most + 1 : times)
}

function spelled(symbol: number): string {
  const times = symbol & 255
  switch (symbol >> 8) {
    case digit:
      return times <= mostDigits ? "9".repeat(times) : `9{${times}}`
    case upper:
      return times > mostCapitals ? "A+" : "A".repeat(times)
    case lower:
      return times > mostSmall ? "a+" : "a"
    case space:
      return " "
    case named:
      return symbol >= hex ? `hex{${symbol - hex}}` : (["email", "url", "uuid", "…"][times] ?? "")
    default:
      return String.fromCharCode(symbol)
  }
}

/** Capitals of Latin-1, Greek and Cyrillic; other letters count as small. */
function isCapital(first: number, second: number): boolean {
  if (first === 0xc3) return second >= 0x80 && second <= 0x9e && second !== 0x97
  if (first === 0xce) return second >= 0x91 && second <= 0xa9
  return first === 0xd0 && second >= 0x80 && second <= 0xaf
}

/** The symbol of a text with a name; otherwise 0. */
function nameOf(bytes: Uint8Array, start: number, end: number, signs: number, symbols: number): number {
  if (signs === 1) return isEmail(bytes, start, end) ? email : 0
  if (symbols < 4 || end - start < 10) return 0
  if (isUrl(bytes, start)) return url
  if (end - start === 36) return isUuid(bytes, start) ? uuid : 0
  return end - start >= 16 && isHex(bytes, start, end) ? hex + end - start : 0
}

/** Something, `@`, something with a point in it that is neither first nor last. */
function isEmail(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start
  while (bytes[at] !== 64) at++
  if (at === start) return false
  for (at += 2; at < end - 1; at++) if (bytes[at] === 46) return true
  return false
}

function isUrl(bytes: Uint8Array, start: number): boolean {
  if (((bytes[start] ?? 0) | 32) !== 104) return false
  return /^https?:\/\//i.test(String.fromCharCode(...bytes.subarray(start, start + 8)))
}

function isUuid(bytes: Uint8Array, start: number): boolean {
  for (let at = 0; at < 36; at++) {
    const byte = bytes[start + at] ?? 0
    if (at === 8 || at === 13 || at === 18 || at === 23 ? byte !== 45 : hexDigits[byte] === 0) return false
  }
  return true
}

function isHex(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start > 2 * longest) return false
  for (let at = start; at < end; at++) if (hexDigits[bytes[at] as number] === 0) return false
  return true
}
