import { isUtf8 } from "node:buffer"
import type { OtherReading } from "./other-readings.ts"
import { utf16Order } from "./utf16-order.ts"

/** The encoding of a text, with the evidence for it. */
export interface DetectedEncoding {
  /** The canonical name in the WHATWG Encoding Standard; or `utf-32le` or `utf-32be`, which the standard leaves out. */
  readonly encoding: string
  /** The length of the byte order mark in bytes. */
  readonly mark: number
  /** From 0 to 1. */
  readonly confidence: number
  readonly evidence: string
  /** What the text would be in other encodings that are not much less likely. */
  readonly others?: readonly OtherReading[]
}

const marks: readonly (readonly [encoding: string, ...bytes: number[]])[] = [
  ["utf-8", 0xef, 0xbb, 0xbf],
  ["utf-32le", 0xff, 0xfe, 0, 0],
  ["utf-32be", 0, 0, 0xfe, 0xff],
  ["utf-16le", 0xff, 0xfe],
  ["utf-16be", 0xfe, 0xff],
]

/** Detects the encoding of a text from its first bytes. `complete`: they are the whole text. */
export async function detectEncoding(sample: Uint8Array, complete: boolean): Promise<DetectedEncoding> {
  const marked = byteOrderMark(sample)
  if (marked !== undefined) return { ...marked, confidence: 1, evidence: "byte order mark" }
  const wide = utf16Order(sample)
  if (wide !== undefined) {
    const evidence = `${Math.round(100 * wide.ascii)}% of the characters are ASCII in UTF-16`
    return { encoding: wide.encoding, mark: 0, confidence: 0.95, evidence }
  }
  const characters = complete ? sample : sample.subarray(0, lastBoundary(sample))
  if (isUtf8(characters)) {
    const ascii = characters.every((byte) => byte < 128)
    return {
      encoding: "utf-8",
      mark: 0,
      confidence: ascii ? 0.9 : 1,
      evidence: ascii ? "the whole sample is ASCII" : "the sample is valid UTF-8",
    }
  }
  const { valid, invalid } = countSequences(characters)
  return await encodingOfMixed(valid, invalid, sample)
}

/** Of a text that is not UTF-8 throughout, by how many of its characters are, and by the lines with bytes beyond ASCII. */
export async function encodingOfMixed(valid: number, invalid: number, lines: Uint8Array): Promise<DetectedEncoding> {
  const utf8 = mostlyUtf8(valid, invalid)
  if (utf8 !== undefined && (utf8.confidence >= clearlyUtf8 || hasLongSequence(lines))) return utf8
  const guess = await guessedEncoding(lines)
  return utf8 === undefined || (doubleByte.has(guess.encoding) && guess.confidence > leastOfWords) ? guess : utf8
}

/** Whether three bytes look like one character of UTF-8. In an encoding with two bytes for each character, they seldom do. */
function hasLongSequence(bytes: Uint8Array): boolean {
  return bytes.some((first, at) => first >= 0xe0 && first < 0xf0 && sequenceLength(bytes, at) === 3)
}

/** Of a few words in an encoding with two bytes for each character, a large part may be valid UTF-8. */
const doubleByte: ReadonlySet<string> = new Set(["gb18030", "big5", "euc-jp", "euc-kr", "shift_jis"])
const clearlyUtf8 = 0.8
/** UTF-8 with some rows in another encoding fits none of these as well. */
const leastOfWords = 0.6

/** The most likely legacy encoding of a text, and how others would read it. */
async function guessedEncoding(bytes: Uint8Array): Promise<DetectedEncoding> {
  // Most files are UTF-8, and need none of the tables.
  const [{ guessEncoding }, { otherReadings }] = await Promise.all([import("./guess-encoding.ts"), import("./other-readings.ts")])
  const guess = guessEncoding(bytes)
  return { ...guess, mark: 0, others: otherReadings(bytes, guess.encoding, guess.others) }
}

/**
 * UTF-8 if most non-ASCII characters are valid in it; otherwise undefined.
 *
 * It is rare that two characters of a legacy encoding look like one of UTF-8; in double-byte encodings an eighth of the pairs do. If a few rows
 * of a UTF-8 file are in another encoding, those rows must be rejected. Read in the other encoding, all other rows would become mojibake.
 */
function mostlyUtf8(valid: number, invalid: number): DetectedEncoding | undefined {
  if (valid < invalid) return undefined
  const evidence = `${valid} characters of the sample are valid UTF-8, ${invalid} bytes are not`
  return { encoding: "utf-8", mark: 0, confidence: valid / (valid + invalid), evidence }
}

/** The encoding that a byte order mark names, and the length of the mark. */
export function byteOrderMark(bytes: Uint8Array): { readonly encoding: string; readonly mark: number } | undefined {
  const found = marks.find(([, ...mark]) => mark.length <= bytes.length && mark.every((byte, at) => bytes[at] === byte))
  return found === undefined ? undefined : { encoding: found[0], mark: found.length - 1 }
}

/** The end of the last complete character, assuming UTF-8. */
function lastBoundary(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(4, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0
    if (byte < 0x80) return bytes.length - back + 1
    if (byte >= 0xc0) return bytes.length - back
  }
  return bytes.length
}

/** How many non-ASCII characters are valid UTF-8, and how many bytes are not. */
export function countSequences(bytes: Uint8Array): { readonly valid: number; readonly invalid: number } {
  let valid = 0
  let invalid = 0
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0
    if (byte < 0x80) continue
    const length = sequenceLength(bytes, at)
    if (length === 0) invalid++
    else {
      valid++
      at += length - 1
    }
  }
  return { valid, invalid }
}

/** The length of the character that begins at a byte beyond ASCII; 0 if none does (RFC 3629, section 4). */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2
  if (first < 0xc2 || first > 0xf4) return 0
  for (let next = at + 1; next < at + length; next++) if (((bytes[next] ?? 0) & 0xc0) !== 0x80) return 0
  const second = bytes[at + 1] ?? 0
  const isOverlong = (first === 0xe0 && second < 0xa0) || (first === 0xf0 && second < 0x90)
  const isBeyond = (first === 0xed && second > 0x9f) || (first === 0xf4 && second > 0x8f)
  return isOverlong || isBeyond ? 0 : length
}
