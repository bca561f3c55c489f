import { type JsonFault, namingBytes, unexpected } from "./json-fault.ts"
import {
  arrayOpening,
  closing,
  escapedString,
  exponentNumber,
  falseLiteral,
  JsonTape,
  nullLiteral,
  objectOpening,
  plainNumber,
  plainString,
  trueLiteral,
} from "./json-tape.ts"

/** Limits of one value. */
export interface JsonScannerOptions {
  /** The most levels of objects and arrays, including the value itself and everything around it. */
  readonly maxDepth: number
  /** How many levels are around the value. Default: 0. */
  readonly outerDepth?: number
  /** The most bytes of a string or number. */
  readonly maxTextBytes: number
  /** The most values, including the outermost. Default: unlimited. */
  readonly maxValues?: number
  /** If false, the value is only checked, and the tape stays empty. */
  readonly taped: boolean
}

/** What may come next. */
const aValue = 0
const aValueOrEnd = 1
const aKeyOrEnd = 2
const aKey = 3
const aColon = 4
const aComma = 5

const quote = 0x22
const backslash = 0x5c

/**
 * Scans one JSON value (RFC 8259) after another from bytes that may still be growing.
 *
 * When the bytes run out, it stops between tokens and later continues from there. A value is therefore read once, no matter how it is cut into
 * chunks; only the token at the cut is read twice. Depth is a counter rather than recursion, so no input can exhaust the stack.
 */
export class JsonScanner {
  readonly tape = new JsonTape()
  /** Where scanning continues. After a value, the byte after it. */
  position = 0
  fault: JsonFault | undefined
  readonly #options: JsonScannerOptions
  /** The levels that the value itself may have. */
  readonly #room: number
  /** The tape indexes of the open containers. `#isObject` is 1 for objects. */
  readonly #open: Uint32Array
  readonly #isObject: Uint8Array
  #depth = 0
  #next = aValue
  #values = 0
  readonly #maxValues: number
  /** Where the value begins. */
  #start = 0
  /** The arguments of `scan`. */
  #end = 0
  #final = false

  constructor(options: JsonScannerOptions) {
    this.#options = options
    this.#maxValues = options.maxValues ?? Number.POSITIVE_INFINITY
    this.#room = Math.max(0, options.maxDepth - (options.outerDepth ?? 0))
    this.#open = new Uint32Array(this.#room + 1)
    this.#isObject = new Uint8Array(this.#room + 1)
  }

  /** Prepares for a value that begins at `position`; white space may precede it. */
  begin(position: number): void {
    this.position = position
    this.tape.length = 0
    this.fault = undefined
    this.#depth = 0
    this.#next = aValue
    this.#values = 0
    this.#start = position
  }

  /** The bytes now begin `by` bytes later. */
  rebase(by: number): void {
    this.position -= by
    this.#start -= by
  }

  /** Scans up to the end of the value. `final`: no bytes follow `end`, so an incomplete value is a fault. */
  scan(bytes: Uint8Array, end: number, final: boolean): "done" | "more" | "fault" {
    this.#end = end
    this.#final = final
    for (;;) {
      let at = this.position
      while (at < end && isSpace(bytes[at] ?? 0)) at++
      this.position = at
      if (at === end) return this.#short(final, at)
      const byte = bytes[at] ?? 0
      let after: number
      switch (this.#next) {
        case aComma:
          if (byte === 0x2c) {
            this.#next = this.#isObject[this.#depth] === 1 ? aKey : aValue
            this.position = at + 1
            continue
          }
          after = this.#close(bytes, at, byte)
          break
        case aColon:
          if (byte !== 0x3a) {
            after = this.#unexpected(bytes, at, "a colon")
            break
          }
          this.#next = aValue
          this.position = at + 1
          continue
        case aKeyOrEnd:
        case aKey:
          if (byte === quote) after = this.#string(bytes, at, end)
          else if (this.#next === aKeyOrEnd && byte === 0x7d) after = this.#close(bytes, at, byte)
          else after = this.#unexpected(bytes, at, "a key in double quotes")
          break
        default:
          if (byte === 0x5d && this.#next === aValueOrEnd) after = this.#close(bytes, at, byte)
          else {
            after = this.#value(bytes, at, end, byte, final)
            if (after >= 0 && ++this.#values > this.#maxValues) after = this.#fail(this.#tooMany())
          }
      }
      if (after < 0) return this.fault === undefined ? this.#short(final, end) : "fault"
      this.position = after
      if (this.#depth === 0 && this.#next === aComma) return "done"
    }
  }

  /** Scans the value that begins with `byte`. Returns the index after its first token, or -1 for a fault or too few bytes. */
  #value(bytes: Uint8Array, at: number, end: number, byte: number, final: boolean): number {
    if (byte === quote) return this.#string(bytes, at, end)
    if (byte === 0x7b) return this.#enter(at, objectOpening)
    if (byte === 0x5b) return this.#enter(at, arrayOpening)
    if (byte === 0x2d || (byte >= 0x30 && byte <= 0x39)) return this.#number(bytes, at, end, final)
    if (byte === 0x74) return this.#literal(bytes, at, end, "true", trueLiteral)
    if (byte === 0x66) return this.#literal(bytes, at, end, "false", falseLiteral)
    if (byte === 0x6e) return this.#literal(bytes, at, end, "null", nullLiteral)
    return this.#unexpected(bytes, at, "a value")
  }

  #enter(at: number, kind: typeof objectOpening | typeof arrayOpening): number {
    if (this.#depth === this.#room) return this.#fail(this.#tooDeep(at))
    this.#depth++
    this.#open[this.#depth] = this.tape.length
    this.#isObject[this.#depth] = kind === objectOpening ? 1 : 0
    this.#next = kind === objectOpening ? aKeyOrEnd : aValueOrEnd
    if (this.#options.taped) this.tape.add(kind, at, 0)
    return at + 1
  }

  #close(bytes: Uint8Array, at: number, byte: number): number {
    const isObject = this.#isObject[this.#depth] === 1
    if (byte !== (isObject ? 0x7d : 0x5d)) return this.#unexpected(bytes, at, isObject ? 'a comma or "}"' : 'a comma or "]"')
    if (this.#options.taped) {
      this.tape.ends[this.#open[this.#depth] ?? 0] = this.tape.length
      this.tape.add(closing, at, at + 1)
    }
    this.#depth--
    this.#next = aComma
    return at + 1
  }

  #string(bytes: Uint8Array, opening: number, end: number): number {
    const start = opening + 1
    let escaped = false
    let at = start
    for (; at < end; at++) {
      const byte = bytes[at] ?? 0
      if (byte === quote) break
      if (byte < 0x20) return this.#fail({ kind: "malformed", message: `${controlName(byte)} in a string is not escaped`, at })
      if (byte !== backslash) continue
      escaped = true
      const length = escapeLength(bytes, at, end)
      if (length === 0) return this.#fail({ kind: "malformed", message: "a backslash is not followed by a valid escape", at })
      at += length - 1
    }
    if (at - start > this.#options.maxTextBytes) return this.#fail(this.#tooLong(opening, at - start))
    if (at >= end) return -1
    if (this.#options.taped) this.tape.add(escaped ? escapedString : plainString, start, at)
    this.#next = this.#next === aKey || this.#next === aKeyOrEnd ? aColon : aComma
    return at + 1
  }

  /** `-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?` */
  #number(bytes: Uint8Array, start: number, end: number, final: boolean): number {
    let kind: number = plainNumber
    let at = bytes[start] === 0x2d ? start + 1 : start
    const first = at
    at = skipDigits(bytes, at, end)
    let digits = at - first
    if (digits > 1 && bytes[first] === 0x30)
      return this.#fail({ kind: "malformed", message: "a number begins with 0 but has more digits", at: first })
    if (digits > 0 && at < end && bytes[at] === 0x2e) {
      const fraction = at + 1
      at = skipDigits(bytes, fraction, end)
      digits = at - fraction
    }
    if (digits > 0 && at < end && ((bytes[at] ?? 0) | 0x20) === 0x65) {
      kind = exponentNumber
      let exponent = at + 1
      if (exponent < end && (bytes[exponent] === 0x2b || bytes[exponent] === 0x2d)) exponent++
      at = skipDigits(bytes, exponent, end)
      digits = at - exponent
    }
    if (at - start > this.#options.maxTextBytes) return this.#fail(this.#tooLong(start, at - start))
    if (at >= end && !final) return -1
    if (digits === 0) {
      if (at >= end) return -1
      const isBareMinus = bytes[start] === 0x2d && at === first
      return isBareMinus ? this.#unexpected(bytes, start, "a value") : this.#unexpected(bytes, at, "a digit")
    }
    if (this.#options.taped) this.tape.add(kind, start, at)
    this.#next = aComma
    return at
  }

  #literal(bytes: Uint8Array, start: number, end: number, word: string, kind: number): number {
    for (let i = 1; i < word.length; i++) {
      if (start + i >= end) return -1
      if (bytes[start + i] !== word.charCodeAt(i)) return this.#unexpected(bytes, start, "a value")
    }
    if (this.#options.taped) this.tape.add(kind, start, start + word.length)
    this.#next = aComma
    return start + word.length
  }

  /** Records a fault if enough bytes are there to name it, so that chunk boundaries do not change the message. Otherwise asks for more bytes. */
  #unexpected(bytes: Uint8Array, at: number, wanted: string): -1 {
    if (this.#final || at + namingBytes <= this.#end) this.fault = unexpected(bytes, at, this.#end, wanted)
    return -1
  }

  #tooDeep(at: number): JsonFault {
    const { maxDepth, outerDepth = 0 } = this.#options
    return {
      kind: "deep",
      message: `it has more than ${maxDepth} levels of nesting`,
      at,
      seen: outerDepth + this.#room + 1,
      limit: maxDepth,
    }
  }

  #tooMany(): JsonFault {
    const limit = this.#maxValues
    return { kind: "many", message: `it has more than ${limit} values`, at: this.#start, seen: this.#values, limit }
  }

  #tooLong(at: number, seen: number): JsonFault {
    const limit = this.#options.maxTextBytes
    return { kind: "long", message: `it has a text or number of more than ${limit} bytes`, at, seen, limit }
  }

  #short(final: boolean, at: number): "more" | "fault" {
    return final ? this.#refuse({ kind: "truncated", message: "the text ends inside a value", at }) : "more"
  }

  #refuse(fault: JsonFault): "fault" {
    this.fault = fault
    return "fault"
  }

  #fail(fault: JsonFault): -1 {
    this.fault = fault
    return -1
  }
}

/** Space, tab, line feed and carriage return: the only white space of JSON. */
export function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09
}

function skipDigits(bytes: Uint8Array, start: number, end: number): number {
  let at = start
  for (; at < end; at++) {
    const byte = bytes[at] ?? 0
    if (byte < 0x30 || byte > 0x39) break
  }
  return at
}

/**
 * The length of the escape that begins at `at`; 0 if it is not an escape. An escape cut off by `end` counts as complete, because the string is
 * cut too.
 */
function escapeLength(bytes: Uint8Array, at: number, end: number): number {
  if (at + 1 >= end) return 2
  const letter = bytes[at + 1] ?? 0
  if (letter !== 0x75) return '"\\/bfnrt'.includes(String.fromCharCode(letter)) ? 2 : 0
  for (let i = at + 2; i < Math.min(at + 6, end); i++) if (!isHexDigit(bytes[i] ?? 0)) return 0
  return 6
}

function isHexDigit(byte: number): boolean {
  const lower = byte | 0x20
  return (byte >= 0x30 && byte <= 0x39) || (lower >= 0x61 && lower <= 0x66)
}

function controlName(byte: number): string {
  const names: { readonly [byte: number]: string } = { 0: "NUL", 9: "a tab", 10: "a line break", 13: "a line break" }
  return names[byte] ?? `control character 0x${byte.toString(16).padStart(2, "0")}`
}
