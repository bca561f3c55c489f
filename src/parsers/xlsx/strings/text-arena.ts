import { isUtf8 } from "node:buffer"
import { found, readEscape, readReference } from "../xml/text-escapes.ts"

/** What may be wrong with a text; bits. */
export const textNul = 1
export const textSurrogate = 2
export const textInvalid = 4
export const textLong = 8

/** 1 marks bytes that need more than copying: NUL, carriage return, "&", "_" and what is given; 2 marks bytes beyond ASCII. */
export function specialBytes(...more: readonly number[]): Uint8Array {
  const special = new Uint8Array(256).fill(2, 128)
  for (const byte of [0, 13, 38, 95, ...more]) special[byte] = 1
  return special
}

const special = specialBytes()

/** Most characters of a cell, as Excel has it: UTF-16 code units. */
export const cellCharacters = 32_767

/** Decoded texts, one after the other, as UTF-8. A text is begun, appended to in pieces, and finished. */
export class TextArena {
  bytes: Buffer
  length = 0
  #start = 0
  #flags = 0
  #beyondAscii = false
  /** The first half of a character whose second half is to come; 0 where there is none. */
  #half = 0

  constructor(capacity: number) {
    this.bytes = Buffer.allocUnsafeSlow(capacity)
  }

  begin(): void {
    this.#start = this.length
    this.#flags = 0
    this.#beyondAscii = false
  }

  /** Drops the text that was begun. */
  cancel(): void {
    this.length = this.#start
  }

  /** Bytes of the text that was begun. */
  get pending(): number {
    return this.length - this.#start
  }

  /** Appends XML text: references and escapes undone. `literal` text (CDATA) has no references. */
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
      if (kind === 1 && (byte !== 95 || ((source[at + 1] as number) | 32) === 120)) break
      target[to++] = byte
    }
    this.length = to
    if ((seen & 2) !== 0) this.#beyondAscii = true
    if (at < end) this.#appendDecoded(source, at, end, literal)
  }

  /** Appends bytes as they are. */
  copy(source: Buffer, start: number, end: number): void {
    this.reserve(end - start)
    const target = this.bytes
    let to = this.length
    for (let at = start; at < end; at++) target[to++] = source[at] as number
    this.length = to
  }

  /** Ends the text; what is wrong with it, as bits. Bytes that are no UTF-8 are replaced. */
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

  /** The bytes so far, cut to their length, and an empty arena. */
  take(): Buffer {
    const taken = Buffer.allocUnsafeSlow(this.length)
    this.bytes.copy(taken, 0, 0, this.length)
    this.length = 0
    return taken
  }

  /** The same from where something has to be undone. Nothing gets longer by it. */
  #appendDecoded(source: Buffer, start: number, end: number, literal: boolean): void {
    const target = this.bytes
    let at = start
    while (at < end) {
      const byte = source[at] as number
      const kind = special[byte] as number
      if (kind !== 1) {
        if (kind === 2) this.#beyondAscii = true
        if (this.#half !== 0) this.#endHalf()
        target[this.length++] = byte
        at++
      } else at += this.#appendSpecial(source, at, end, literal)
    }
    if (this.#half !== 0) this.#endHalf()
  }

  /** Appends what a special byte begins; the bytes that it takes. */
  #appendSpecial(source: Buffer, at: number, end: number, literal: boolean): number {
    const byte = source[at]
    if (byte === 38 && !literal && readReference(source, at, end)) this.#appendCode(found.code)
    else if (byte === 95 && readEscape(source, at, end)) this.#appendCode(found.code)
    else {
      // XML 1.0 §2.11: a carriage return, with or without a line feed, is a line feed.
      found.length = byte === 13 && source[at + 1] === 10 && at + 1 < end ? 2 : 1
      this.#appendCode(byte === 13 ? 10 : (byte as number))
    }
    return found.length
  }

  #appendCode(code: number): void {
    if (code >= 0xdc00 && code <= 0xdfff && this.#half !== 0) {
      const whole = 0x10000 + ((this.#half - 0xd800) << 10) + (code - 0xdc00)
      this.#half = 0
      this.#put(whole)
      return
    }
    if (this.#half !== 0) this.#endHalf()
    if (code >= 0xd800 && code <= 0xdbff) this.#half = code
    else this.#put(code)
  }

  /** Half of a character whose other half does not come. */
  #endHalf(): void {
    this.#half = 0
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

  /** Makes room for so many more bytes. */
  reserve(more: number): void {
    const needed = this.length + more
    if (needed <= this.bytes.length) return
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.bytes.length * 2))
    this.bytes.copy(grown, 0, 0, this.length)
    this.bytes = grown
  }
}
