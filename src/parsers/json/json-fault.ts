/** Why a value could not be scanned. */
export type JsonFault = JsonSyntaxFault | JsonLimitFault

/** The bytes are no JSON, or end within the value. */
export interface JsonSyntaxFault {
  readonly kind: "malformed" | "truncated"
  readonly message: string
  /** Index of the offending byte in the scanned bytes. */
  readonly at: number
}

/** The value passes a limit: nested too deep, a text or number too long, or too many values in it. */
export interface JsonLimitFault {
  readonly kind: "deep" | "long" | "many"
  readonly message: string
  readonly at: number
  readonly seen: number
  readonly limit: number
}

/** How many bytes `unexpected` looks at to name what stands in the wrong place. */
export const namingBytes = 10

/** A byte that cannot stand where it stands, in words. Nothing from `end` on is looked at. */
export function unexpected(bytes: Uint8Array, at: number, end: number, wanted: string): JsonSyntaxFault {
  return { kind: "malformed", message: `${wanted} was expected, not ${nameOf(bytes, at, end)}`, at }
}

/** Things that other languages write and JSON does not know. */
const foreign: readonly (readonly [text: string, name: string])[] = [
  ["NaN", "NaN, which is not JSON: write null"],
  ["Infinity", "Infinity, which is not JSON: write null"],
  ["-Infinity", "-Infinity, which is not JSON: write null"],
  ["None", "None, which is Python and not JSON: write null"],
  ["True", "True, which is Python and not JSON: write true"],
  ["False", "False, which is Python and not JSON: write false"],
  ["undefined", "undefined, which is not JSON: write null"],
  ["'", "a single quote: JSON quotes with double quotes"],
  ["//", "a comment, which JSON does not know"],
  ["/*", "a comment, which JSON does not know"],
]

function nameOf(bytes: Uint8Array, at: number, end: number): string {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset + at, Math.min(namingBytes, end - at)).toString("latin1")
  const known = foreign.find(([text]) => head.startsWith(text))
  if (known !== undefined) return known[1]
  const byte = bytes[at] ?? 0
  return byte > 32 && byte < 127 ? `"${String.fromCharCode(byte)}"` : `byte 0x${byte.toString(16).padStart(2, "0")}`
}
