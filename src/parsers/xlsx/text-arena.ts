import { isUtf8 } from "node:buffer"
import { unescapeXstring, xmlText } from "./xml-text.ts"

/** What may be wrong with a text; bits. */
export const textNul = 1
export const textSurrogate = 2
export const textInvalid = 4
export const textLong = 8

/** 1 marks bytes that need more than copying: NUL, carriage return, "&", "_"; 2 marks bytes beyond ASCII. */
const special = new Uint8Array(256)
for (const byte of [0, 13, 38, 95]) special[byte] = 1
for (let byte = 128; byte < 256; byte++) special[byte] = 2

/** Most characters of a cell, as Excel has it: UTF-16 code units. */
const cellCharacters = 32_767

/** Decoded texts, one after the other, as UTF-8. A text is begun, appended to in pieces, and finished. */
export class TextArena {
  bytes: Buffer
  length = 0
  #start = 0
  #flags = 0
  #beyondAscii = false

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
    this.#reserve(end - start)
    const target = this.bytes
    let to = this.length
    let seen = 0
    for (let at = start; at < end; at++) {
      const byte = source[at] as number
      const kind = special[byte] as number
      seen |= kind
      if (kind === 1 && (byte !== 95 || ((source[at + 1] as number) | 32) === 120)) {
        this.#appendDecoded(source.subarray(start, end), literal)
        return
      }
      target[to++] = byte
    }
    this.length = to
    if ((seen & 2) !== 0) this.#beyondAscii = true
  }

  /** Appends bytes as they are. */
  copy(source: Buffer, start: number, end: number): void {
    this.#reserve(end - start)
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

  #appendDecoded(raw: Buffer, literal: boolean): void {
    if (!isUtf8(raw)) this.#flags |= textInvalid
    const written = raw.toString("utf8")
    const text = unescapeXstring(literal ? written : xmlText(written))
    if (text.includes("\0")) this.#flags |= textNul
    if (/\p{Surrogate}/u.test(text)) this.#flags |= textSurrogate
    this.#write(text)
  }

  #write(text: string): void {
    this.#reserve(text.length * 3)
    this.length += this.bytes.write(text, this.length, "utf8")
  }

  #reserve(more: number): void {
    const needed = this.length + more
    if (needed <= this.bytes.length) return
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.bytes.length * 2))
    this.bytes.copy(grown, 0, 0, this.length)
    this.bytes = grown
  }
}
