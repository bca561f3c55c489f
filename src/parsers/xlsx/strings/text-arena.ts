import { isUtf8 } from "node:buffer"
import { lastCharacter, readEscape, readReference } from "../xml/text-escapes.ts"

/** Faults of a text, as bits. */
export const textNul = 1
export const textSurrogate = 2
export const textInvalid = 4
export const textLong = 8
export const textStruck = 16

/** A table of bytes: 1 for those that cannot just be copied (NUL, carriage return, "&", "_" and `more`), 2 for bytes beyond ASCII. */
export function specialBytes(...more: readonly number[]): Uint8Array {
  const special = new Uint8Array(256).fill(2, 128)
  for (const byte of [0, 13, 38, 95, ...more]) special[byte] = 1
  return special
}

const special = specialBytes()

/** Most characters (UTF-16 code units) that Excel allows in a cell. */
export const cellCharacters = 32_767

/** Collects decoded texts as UTF-8 in one buffer. For each text call `begin`, `append` for its pieces, and `finish`. */
export class TextArena {
  bytes: Buffer
  length = 0
  #start = 0
  #flags = 0
  #beyondAscii = false
  /** A high surrogate that waits for its low one, or 0. */
  #highSurrogate = 0

  constructor(capacity: number) {
    this.bytes = Buffer.allocUnsafeSlow(capacity)
  }

  begin(): void {
    this.#start = this.length
    this.#flags = 0
    this.#beyondAscii = false
  }

  /** Notes that a part of the current text is struck out. */
  strike(): void {
    this.#flags |= textStruck
  }

  /** Drops the current text. */
  cancel(): void {
    this.length = this.#start
  }

  /** Bytes of the current text so far. */
  get pending(): number {
    return this.length - this.#start
  }

  /** Appends XML text and decodes its references and escapes. `literal` text (CDATA) has no references. */
  append(source: Buffer, start: number, end: number, literal = false): void {
    this.reserve(end - start)
    const target = this.bytes
    let to = this.length
    let seen = 0
    let at = start
    for (; at < end; at++) {
      const byte = source[at] as number
      const kind = special[byte] as number
      seen |= kind
      if (kind === 1 && (byte !== 95 || source[at + 1] === 120)) break
      target[to++] = byte
    }
    this.length = to
    if ((seen & 2) !== 0) this.#beyondAscii = true
    if (at < end) this.#appendDecoded(source, at, end, literal)
  }

  /** Appends bytes unchanged. */
  copy(source: Buffer, start: number, end: number): void {
    this.reserve(end - start)
    const target = this.bytes
    let to = this.length
    // For a few bytes, a call takes longer than a loop.
    if (end - start > 256) to += source.copy(target, to, start, end)
    else for (let at = start; at < end; at++) target[to++] = source[at] as number
    this.length = to
  }

  /** Ends the text and returns its faults. Bytes that are not valid UTF-8 are replaced. */
  finish(): number {
    if (this.#beyondAscii && !isUtf8(this.bytes.subarray(this.#start, this.length))) {
      this.#flags |= textInvalid
      const repaired = this.bytes.toString("utf8", this.#start, this.length)
      this.length = this.#start
      this.#write(repaired)
    }
    if (this.pending > cellCharacters && this.bytes.toString("utf8", this.#start, this.length).length > cellCharacters)
      this.#flags |= textLong
    return this.#flags
  }

  /** Returns a copy of the bytes so far and empties the arena. */
  take(): Buffer {
    const taken = Buffer.allocUnsafeSlow(this.length)
    this.bytes.copy(taken, 0, 0, this.length)
    this.length = 0
    return taken
  }

  /** The slow path of `append`, from the first byte that cannot just be copied. Decoding never makes a text longer. */
  #appendDecoded(source: Buffer, start: number, end: number, literal: boolean): void {
    const target = this.bytes
    let at = start
    while (at < end) {
      const byte = source[at] as number
      const kind = special[byte] as number
      if (kind !== 1) {
        if (kind === 2) this.#beyondAscii = true
        if (this.#highSurrogate !== 0) this.#putUnpaired()
        target[this.length++] = byte
        at++
      } else at += this.#appendSpecial(source, at, end, literal)
    }
    if (this.#highSurrogate !== 0) this.#putUnpaired()
  }

  /** Appends the character that a special byte begins. Returns the bytes that it takes in the source. */
  #appendSpecial(source: Buffer, at: number, end: number, literal: boolean): number {
    const byte = source[at]
    if (byte === 38 && !literal && readReference(source, at, end)) this.#appendCode(lastCharacter.code)
    else if (byte === 95 && readEscape(source, at, end)) this.#appendCode(lastCharacter.code)
    else {
      // XML 1.0 §2.11: a carriage return, with or without a line feed, is read as one line feed.
      lastCharacter.length = byte === 13 && source[at + 1] === 10 && at + 1 < end ? 2 : 1
      this.#appendCode(byte === 13 ? 10 : (byte as number))
    }
    return lastCharacter.length
  }

  #appendCode(code: number): void {
    if (code >= 0xdc00 && code <= 0xdfff && this.#highSurrogate !== 0) {
      const character = 0x10000 + ((this.#highSurrogate - 0xd800) << 10) + (code - 0xdc00)
      this.#highSurrogate = 0
      this.#put(character)
      return
    }
    if (this.#highSurrogate !== 0) this.#putUnpaired()
    if (code >= 0xd800 && code <= 0xdbff) this.#highSurrogate = code
    else this.#put(code)
  }

  /** Appends a replacement for a high surrogate that no low one follows. */
  #putUnpaired(): void {
    this.#highSurrogate = 0
    this.#put(0xdfff)
  }

  #put(code: number): void {
    if (code === 0) this.#flags |= textNul
    if (code >= 0xd800 && code <= 0xdfff) this.#flags |= textSurrogate
    const known = (code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff ? 0xfffd : code
    const target = this.bytes
    if (known < 0x80) target[this.length++] = known
    else if (known < 0x800) {
      target[this.length++] = 0xc0 | (known >> 6)
      target[this.length++] = 0x80 | (known & 63)
    } else if (known < 0x10000) {
      target[this.length++] = 0xe0 | (known >> 12)
      target[this.length++] = 0x80 | ((known >> 6) & 63)
      target[this.length++] = 0x80 | (known & 63)
    } else {
      target[this.length++] = 0xf0 | (known >> 18)
      target[this.length++] = 0x80 | ((known >> 12) & 63)
      target[this.length++] = 0x80 | ((known >> 6) & 63)
      target[this.length++] = 0x80 | (known & 63)
    }
  }

  #write(text: string): void {
    this.reserve(text.length * 3)
    this.length += this.bytes.write(text, this.length, "utf8")
  }

  /** Makes room for `more` bytes. */
  reserve(more: number): void {
    const needed = this.length + more
    if (needed <= this.bytes.length) return
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.bytes.length * 2))
    this.bytes.copy(grown, 0, 0, this.length)
    this.bytes = grown
  }
}
