import { columnIndex } from "../a1.ts"
import { readRichText, readText } from "../strings/rich-text.ts"
import type { PartPlace } from "../xml/xml-chunks.ts"
import { malformed } from "../xml/xml-errors.ts"
import type { XmlWindow } from "../xml/xml-window.ts"
import type { CellBlock } from "./cell-block.ts"
import { cellType, inlineType, numberType, sharedType, stringType } from "./cell-type.ts"
import type { CellWriter } from "./cell-writer.ts"
import type { CellCursor } from "./common-cells.ts"

const powersOfTen = Float64Array.from({ length: 23 }, (_, exponent) => 10 ** exponent)

/** Reads cells of any form into a block, one at a time. */
export class CellReader {
  readonly #window: XmlWindow
  readonly #cell: CellWriter
  readonly #cursor: CellCursor
  readonly #place: PartPlace

  constructor(window: XmlWindow, cell: CellWriter, cursor: CellCursor, place: PartPlace) {
    this.#window = window
    this.#cell = cell
    this.#cursor = cursor
    this.#place = place
  }

  /** Reads a cell whose attributes begin at `from`. Returns the index after the cell, or -1 if the window ends before it. */
  read(tag: number, from: number, block: CellBlock): number {
    const window = this.#window
    const bytes = window.bytes
    let column = -1
    let row = -1
    let style = 0
    let type = numberType
    let at = from
    while (true) {
      let byte = bytes[at] as number
      if (byte === 32) byte = bytes[++at] as number
      if (byte === 62 || byte === 47) break
      if (bytes[at + 1] !== 61 || bytes[at + 2] !== 34) return this.readUncommon(tag, block)
      at += 3
      if (byte === 114) {
        column = 0
        for (byte = bytes[at] as number; byte >= 65 && byte <= 90; byte = bytes[++at] as number) column = column * 26 + byte - 64
        row = 0
        for (; byte >= 48 && byte <= 57; byte = bytes[++at] as number) row = row * 10 + byte - 48
        if (column === 0 || row === 0) return this.readUncommon(tag, block)
        column--
        row--
      } else if (byte === 115) {
        for (byte = bytes[at] as number; byte >= 48 && byte <= 57; byte = bytes[++at] as number) style = style * 10 + byte - 48
      } else if (byte === 116 && bytes[at + 1] === 34) type = bytes[at++] as number
      else if (byte === 116 && bytes[at] === 115 && bytes[at + 1] === 116 && bytes[at + 2] === 114) {
        type = stringType
        at += 3
      } else return this.readUncommon(tag, block)
      if (bytes[at] !== 34) return this.readUncommon(tag, block)
      at++
    }
    if (bytes[at] === 47) return bytes[at + 1] === 62 ? this.#blank(row, column, at + 2) : this.readUncommon(tag, block)
    const cell = this.#cell
    cell.row = row
    cell.column = column
    cell.style = style
    cell.type = type
    const next = this.#commonContent(at + 1, cell, block)
    return next === 0 ? this.#content(at + 1, block) : next
  }

  /** A cell without content. */
  #blank(row: number, column: number, next: number): number {
    if (next > this.#window.end) return -1
    this.#cell.row = row
    this.#cell.column = column
    this.#cell.skip()
    return next
  }

  /** Reads `<v>123</v></c>` of a number or a shared string in one pass. Returns 0 for any other content. */
  #commonContent(from: number, cell: CellWriter, block: CellBlock): number {
    const { type } = cell
    if (type !== sharedType && type !== numberType) return 0
    const bytes = this.#window.bytes
    const prefix = this.#window.prefixLength
    let at = from + 1 + prefix
    if (bytes[from] !== 60 || bytes[at] !== 118 || bytes[at + 1] !== 62) return 0
    at += 2
    const start = at
    const negative = bytes[at] === 45
    if (negative) at++
    let mantissa = 0
    let point = -1
    let byte = bytes[at] as number
    for (; ; byte = bytes[++at] as number) {
      if (byte >= 48 && byte <= 57) mantissa = mantissa * 10 + byte - 48
      else if (byte === 46 && point < 0) point = at
      else break
    }
    // More than 15 characters would not be exact when computed this way.
    if (byte !== 60 || at === start || at - start > 15) return 0
    const close = at + 2 + prefix
    const next = close + 5 + prefix
    if (bytes[at + 1] !== 47 || bytes[close] !== 118 || bytes[close + 1] !== 62 || bytes[close + 2] !== 60) return 0
    if (bytes[close + 3] !== 47 || bytes[close + 4 + prefix] !== 99 || bytes[next] !== 62 || next >= this.#window.end) return 0
    let value = mantissa
    if (point >= 0) {
      if (at - start === (negative ? 2 : 1)) return 0
      value = mantissa / (powersOfTen[at - point - 1] as number)
    } else if (negative && at - start === 1) return 0
    if (type === numberType) cell.addNumber(negative ? -value : value, block)
    else if (negative || point >= 0) return 0
    else cell.addShared(value, block)
    return next + 1
  }

  /** Reads a cell with unusual attributes. */
  readUncommon(tag: number, block: CellBlock): number {
    const window = this.#window
    const end = window.tagEnd(tag)
    if (end < 0) return -1
    const closed = window.bytes[end - 1] === 47
    let row = -1
    let column = -1
    let style = 0
    let type = numberType
    for (const [name, value] of window.attributes(tag, closed ? end - 1 : end)) {
      if (name === "r") {
        // Some programs write the position in the row. A cell without an address follows the one before it.
        if (/^\d+$/.test(value)) continue
        const found = /^\s*\$?([a-z]+)\$?(\d*)\s*$/i.exec(value)
        if (found === null || Number(found[2] || 1) < 1)
          throw malformed(this.#place, `has a cell with the invalid address "${value.slice(0, 20)}"`)
        column = Math.min(columnIndex(found[1] ?? ""), Number.MAX_SAFE_INTEGER)
        row = found[2] === "" ? this.#cursor.row : Number(found[2]) - 1
      } else if (name === "s") style = Math.max(0, Number.parseInt(value, 10) || 0)
      else if (name === "t") type = cellType(value)
      else if (name.startsWith("xmlns")) window.addPrefixes(tag, end)
    }
    if (closed) return this.#blank(row, column, end + 1)
    const cell = this.#cell
    cell.row = row
    cell.column = column
    cell.style = style
    cell.type = type
    return this.#content(end + 1, block)
  }

  /** Reads any content of a cell, from the index after its opening tag. */
  #content(from: number, block: CellBlock): number {
    const window = this.#window
    const bytes = window.bytes
    const { text } = block
    let at = from
    /** The value's range in the window, if it needs no decoding. */
    let start = -1
    let end = -1
    let decoded = false
    let hasFormula = false
    text.begin()
    while (true) {
      const tag = window.nextTag(at)
      const tagEnd = tag < 0 ? -1 : isMarkup(bytes[tag + 1]) ? window.skipMarkup(tag) : window.tagEnd(tag)
      if (tagEnd < 0) break
      const kind = bytes[tag + 1]
      at = isMarkup(kind) ? tagEnd : tagEnd + 1
      if (kind === 47) {
        window.checkClosed(tag, "c")
        if (hasFormula && start === end && !decoded && this.#cell.type !== stringType) this.#cell.addFormula(block)
        else this.#cell.addContent(bytes, start, end, decoded, block)
        return at
      }
      if (isMarkup(kind)) continue
      const closed = bytes[tagEnd - 1] === 47
      const name = window.localName(tag + 1)
      if (name >= 0 && window.isName(name, "v")) {
        start = end = at
        if (closed) continue
        const close = window.nextTag(at)
        if (close >= 0 && bytes[close + 1] === 47) {
          end = close
          at = window.tagEnd(close) + 1
          if (at === 0) break
          window.checkClosed(close, "v")
        } else {
          text.cancel()
          decoded = true
          at = readText(window, at, "v", text)
          if (at < 0) break
        }
      } else if (name >= 0 && window.isName(name, "is")) {
        text.cancel()
        decoded = true
        // The content of `is` is text, whatever type the cell states.
        this.#cell.type = inlineType
        if (closed) continue
        at = readRichText(window, at, "is", text)
        if (at < 0) break
      } else {
        if (name >= 0 && window.isName(name, "f")) hasFormula = true
        if (closed) continue
        at = this.#skipElement(tag, at)
        if (at < 0) break
      }
    }
    text.cancel()
    return -1
  }

  /** Index after the element whose tag begins at `opening` and whose content begins at `from`, or -1. */
  #skipElement(opening: number, from: number): number {
    const window = this.#window
    let depth = 1
    let at = from
    while (depth > 0) {
      const tag = window.nextTag(at)
      if (tag < 0) return -1
      const kind = window.bytes[tag + 1]
      if (isMarkup(kind)) {
        at = window.skipMarkup(tag)
        if (at < 0) return -1
        continue
      }
      const end = window.tagEnd(tag)
      if (end < 0) return -1
      if (kind === 47) {
        depth--
        if (depth === 0) window.checkPair(opening, tag)
      } else if (window.bytes[end - 1] !== 47) window.checkDepth(++depth + this.#cursor.depth)
      at = end + 1
    }
    return at
  }
}

function isMarkup(kind: number | undefined): boolean {
  return kind === 33 || kind === 63
}
