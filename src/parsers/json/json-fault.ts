/** Why a value cannot be scanned. */
export type JsonFault = JsonSyntaxFault | JsonLimitFault

/** The bytes are not JSON, or they end inside the value. */
export interface JsonSyntaxFault {
  readonly kind: "malformed" | "truncated"
  readonly message: string
  /** The index of the offending byte in the scanned bytes. */
  readonly at: number
}

/** The value exceeds a limit: it is nested too deep, holds too many values, or holds a text or number that is too long. */
export interface JsonLimitFault {
  readonly kind: "deep" | "long" | "many"
  readonly message: string
  readonly at: number
  readonly seen: number
  readonly limit: number
}

/** How many bytes `unexpected` may read to name what it found. */
export const namingBytes = 10

/** The fault of a byte that is not allowed in its place. Bytes from `end` on are not read. */
export function unexpected(bytes: Uint8Array, at: number, end: number, wanted: string): JsonSyntaxFault {
  return { kind: "malformed", message: `expected ${wanted}, but found ${nameOf(bytes, at, end)}`, at }
}

/** What other languages write and JSON does not allow. */
const foreign: readonly (readonly [text: string, name: string])[] = [
  ["NaN", "NaN, which is not JSON; write null"],
  ["Infinity", "Infinity, which is not JSON; write null"],
  ["-Infinity", "-Infinity, which is not JSON; write null"],
  ["None", "None, which is Python and not JSON; write null"],
  ["True", "True, which is Python and not JSON; write true"],
  ["False", "False, which is Python and not JSON; write false"],
  ["undefined", "undefined, which is not JSON; write null"],
  ["'", "a single quote; JSON uses double quotes"],
  ["//", "a comment, which JSON does not allow"],
  ["/*", "a comment, which JSON does not allow"],
]

function nameOf(bytes: Uint8Array, at: number, end: number): string {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset + at, Math.min(namingBytes, end - at)).toString("latin1")
  const known = foreign.find(([text]) => head.startsWith(text))
  if (known !== undefined) return known[1]
  return classOf(bytes[at] ?? 0)
}

/** Only JSON's own punctuation is quoted. Anything else may be a part of a cell. */
function classOf(byte: number): string {
  const character = String.fromCharCode(byte)
  if ('{}[]:,"'.includes(character)) return `"${character}"`
  if (/[0-9]/.test(character)) return "a digit"
  if (/[a-z]/i.test(character)) return "a letter"
  if (byte >= 0x80) return "a character outside ASCII"
  if (byte === 0x20 || byte === 0x09) return "white space"
  if (byte === 0x0a || byte === 0x0d) return "a line break"
  return byte < 0x20 || byte === 0x7f ? "a control character" : "a punctuation mark"
}
