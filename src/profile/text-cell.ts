import { dropSpace, maySpace, skipSpace } from "../cells/white-space.ts"
import { longestSeen, type SeenCell } from "./seen-cell.ts"

/** The text of a cell, as far as sketches look at it. One object serves all cells, so that a million of them allocate nothing. */
export class TextCell {
  bytes: Buffer = Buffer.alloc(0)
  start = 0
  /** The end of the text, or of its first 200 bytes. */
  end = 0
  /** The range without white space around it. */
  first = 0
  last = 0
  /** Characters of the whole text that are not in this range. */
  otherCharacters = 0
  /** Whether white space surrounds the whole text. */
  isPadded = false

  read(bytes: Buffer, start: number, end: number): void {
    this.bytes = bytes
    this.start = start
    this.end = end - start > longestSeen ? characterBefore(bytes, start + longestSeen) : end
    this.first = maySpace(bytes[start]) ? skipSpace(bytes, start, this.end) : start
    this.last = maySpace(bytes[this.end - 1]) ? dropSpace(bytes, this.first, this.end) : this.end
    this.otherCharacters = charactersOf(bytes, start, this.first) + charactersOf(bytes, this.last, end)
    this.isPadded = this.first > start || (this.end === end ? this.last < end : dropSpace(bytes, start, end) < end)
  }

  /** Takes up a text that a sketch has kept. */
  recall({ text, characters, isPadded }: SeenCell & { readonly type: "text" }): void {
    const bytes = Buffer.from(text)
    this.read(bytes, 0, bytes.length)
    this.otherCharacters = characters - charactersOf(bytes, this.first, this.last)
    this.isPadded = isPadded
  }

  seen(): SeenCell {
    const { bytes, start, end, first, last, isPadded } = this
    const characters = charactersOf(bytes, first, last) + this.otherCharacters
    return { type: "text", text: bytes.toString("utf8", start, end), characters, isPadded }
  }
}

/** The nearest position at which a character begins. */
function characterBefore(bytes: Uint8Array, at: number): number {
  let start = at
  while (((bytes[start] ?? 0) & 0xc0) === 0x80) start--
  return start
}

function charactersOf(bytes: Uint8Array, start: number, end: number): number {
  let characters = 0
  for (let at = start; at < end; at++) if (((bytes[at] as number) & 0xc0) !== 0x80) characters++
  return characters
}
