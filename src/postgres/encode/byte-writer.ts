const escapes: { readonly [character: string]: string } = { "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r" }
const backslash = 92
const special = /[\\\t\n\r]/
const specials = /[\\\t\n\r]/g

/** Writes values one after another into a buffer that grows. */
export class ByteWriter {
  bytes: Buffer
  length = 0

  constructor(capacity = 1 << 16) {
    this.bytes = Buffer.allocUnsafeSlow(capacity)
  }

  /** Makes room for `more` bytes. */
  reserve(more: number): void {
    if (this.length + more <= this.bytes.length) return
    const grown = Buffer.allocUnsafeSlow(Math.max(this.bytes.length * 2, this.length + more))
    grown.set(this.bytes.subarray(0, this.length))
    this.bytes = grown
  }

  /** Writes an integer of at most 2^53 in size. */
  integer(value: number): void {
    if (value >= 1e9 || value <= -1e9) {
      this.ascii(String(value))
      return
    }
    this.reserve(12)
    let rest = value | 0
    if (rest < 0) {
      this.bytes[this.length++] = 45
      rest = -rest
    }
    const first = this.length
    this.length += digitsOf(rest)
    for (let at = this.length - 1; at >= first; at--) {
      const tenth = (rest / 10) | 0
      this.bytes[at] = 48 + rest - tenth * 10
      rest = tenth
    }
  }

  /** Writes ASCII text that needs no escaping. */
  ascii(text: string): void {
    this.reserve(text.length)
    for (let at = 0; at < text.length; at++) this.bytes[this.length++] = text.charCodeAt(at)
  }

  /** Writes text as UTF-8. */
  utf8(text: string): void {
    this.reserve(text.length * 3)
    this.length += this.bytes.write(text, this.length)
  }

  /** Writes bytes of text, escaped for COPY. */
  escaped(bytes: Uint8Array, from: number, to: number): void {
    this.reserve(2 * (to - from))
    for (let at = from; at < to; at++) {
      const byte = bytes[at] as number
      const letter = escapeOf(byte)
      if (letter !== 0) this.bytes[this.length++] = backslash
      this.bytes[this.length++] = letter === 0 ? byte : letter
    }
  }

  /** Writes text, escaped for COPY. */
  text(text: string): void {
    this.utf8(escapedText(text))
  }
}

/** Text, escaped for COPY. */
export function escapedText(text: string): string {
  return special.test(text) ? text.replace(specials, (character) => escapes[character] ?? character) : text
}

/** The character after the backslash for a byte that must be escaped; 0 for other bytes. */
function escapeOf(byte: number): number {
  if (byte === backslash) return backslash
  return byte === 9 ? 116 : byte === 10 ? 110 : byte === 13 ? 114 : 0
}

/** The number of digits of an integer from 0 to 2^31. */
export function digitsOf(value: number): number {
  if (value < 10) return 1
  if (value < 100) return 2
  if (value < 1000) return 3
  if (value < 10_000) return 4
  if (value < 100_000) return 5
  if (value < 1_000_000) return 6
  if (value < 10_000_000) return 7
  if (value < 100_000_000) return 8
  return value < 1_000_000_000 ? 9 : 10
}
