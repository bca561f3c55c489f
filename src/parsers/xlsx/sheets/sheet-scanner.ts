import type { CellBlock } from "../cells/cell-block.ts"
import { CellReader } from "../cells/cell-reader.ts"
import { CellWriter, type CellWriterOptions } from "../cells/cell-writer.ts"
import { CellCursor, type CommonCellOptions, scanCommonCells } from "../cells/common-cells.ts"
import type { PartPlace } from "../xml/xml-chunks.ts"
import { endsEarly, malformed } from "../xml/xml-errors.ts"
import { XmlWindow } from "../xml/xml-window.ts"

/** What a `SheetScanner` must know of the workbook. */
export interface SheetScannerOptions extends CellWriterOptions {
  /** Whether cells of hidden rows are left out. */
  readonly skipHiddenRows: boolean
  /** Receives the rows that the sheet hides, counted from 0. */
  readonly hidden?: Set<number> | undefined
  /** Receives the root's opening tag and the XML after the cells, which is not scanned otherwise. */
  readonly rest?: ((bytes: Buffer) => void) | undefined
}

const beforeCells = 0
const amongCells = 1
const afterCells = 2

/** Root elements of sheets. */
const sheetRoots = ["worksheet", "chartsheet", "dialogsheet", "macrosheet"]

/**
 * Scans the bytes of a worksheet part and puts the place, kind and value of each cell into a block.
 *
 * Cells of the common form are read in a single pass. Other cells (with other attributes, formulas, inline text, CDATA, white space or comments)
 * take a general path, which would read the common form with the same result.
 */
export class SheetScanner {
  readonly #window: XmlWindow
  readonly #skipHiddenRows: boolean
  readonly #place: PartPlace
  readonly #rest: ((bytes: Buffer) => void) | undefined
  readonly #cursor: CellCursor
  readonly #cell: CellWriter
  readonly #cells: CellReader
  readonly #common: CommonCellOptions
  #phase = beforeCells
  /** Number of open elements around rows, without the root. */
  #cellsDepth = 0
  #rootOpen = false
  #rootClosed = false
  #isSheet = false

  constructor(options: SheetScannerOptions) {
    this.#window = new XmlWindow(options.bounds, options.place)
    this.#cursor = new CellCursor(options.hidden)
    this.#cell = new CellWriter(options, this.#cursor)
    this.#cells = new CellReader(this.#window, this.#cell, this.#cursor, options.place)
    this.#skipHiddenRows = options.skipHiddenRows
    this.#place = options.place
    this.#rest = options.rest
    const { rows, columns } = options.bounds
    this.#common = { classes: options.formats.classes, date1904: options.date1904, sharedStrings: options.sharedStrings, rows, columns }
  }

  /** Adds a chunk of the part. Scan the previous chunk first. */
  push(chunk: Buffer): void {
    if (this.#phase !== afterCells) this.#window.append(chunk)
    else this.#rest?.(chunk)
  }

  /** Scans cells into the block. Returns true if the block is full, and false if more of the part is needed. */
  fill(block: CellBlock): boolean {
    const window = this.#window
    if (!window.isReady) return false
    const bytes = window.bytes
    const end = window.end
    const allowsCommonForm = window.prefixLength === 0 && !this.#skipHiddenRows
    while (!block.isFull) {
      if (allowsCommonForm && this.#phase === amongCells && scanCommonCells(window, block, this.#cursor, this.#common)) continue
      const at = window.nextTag(window.at)
      if (at < 0 || this.#phase === afterCells) {
        if (this.#phase === afterCells) this.#rest?.(bytes.subarray(window.at, end))
        window.at = end
        return false
      }
      const name = at + 1 + window.prefixLength
      const next =
        this.#phase === amongCells && this.#isCellName(at + 1, name) ? this.#cells.read(at, name + 1, block) : this.#other(at, block)
      if (next < 0) {
        window.wait(at)
        return false
      }
      window.at = next
    }
    return true
  }

  /** Tells the scanner that the part has no more chunks. Scan once more after it. */
  finish(): void {
    this.#window.finish()
  }

  /** Call after the last scan. Throws if the part is cut off or is not a sheet. */
  end(): void {
    if (this.#phase === beforeCells && this.#rootClosed && !this.#isSheet) throw malformed(this.#place, "is not a sheet")
    if (this.#phase !== afterCells && !this.#rootClosed) throw endsEarly(this.#place)
  }

  /** Whether an element is a cell. Its qualified name begins at `at` and its local name at `name`. */
  #isCellName(at: number, name: number): boolean {
    const { bytes } = this.#window
    const next = bytes[name + 1] as number
    if (bytes[name] !== 99 || (next > 32 && next !== 62 && next !== 47)) return false
    return name === at || this.#window.localName(at) === name
  }

  /** Reads anything but a cell. */
  #other(at: number, block: CellBlock): number {
    const window = this.#window
    const kind = window.bytes[at + 1]
    if (kind === 33 || kind === 63) return window.skipMarkup(at)
    const end = window.tagEnd(at)
    if (end < 0) return -1
    if (kind === 47) this.#close(at)
    else if (this.#isCell(at)) return this.#cells.readUncommon(at, block)
    else this.#open(at, end)
    return end + 1
  }

  /** Whether a cell begins here with another prefix than the root's. */
  #isCell(at: number): boolean {
    if (this.#phase !== amongCells) return false
    const name = this.#window.localName(at + 1)
    return name >= 0 && this.#window.isName(name, "c")
  }

  #open(at: number, end: number): void {
    const window = this.#window
    const closed = window.bytes[end - 1] === 47
    if (!this.#rootOpen) {
      window.openRoot(at, end)
      this.#rootOpen = true
      this.#rootClosed = closed
      const root = window.localName(at + 1)
      this.#isSheet = sheetRoots.some((name) => window.isName(root, name))
      this.#rest?.(window.bytes.subarray(at, end + 1))
      return
    }
    const name = window.localName(at + 1)
    if (name >= 0 && this.#phase === amongCells && window.isName(name, "row")) this.#openRow(name + 3, end)
    else if (name >= 0 && window.isName(name, "sheetData")) {
      window.addPrefixes(at, end)
      this.#phase = closed ? afterCells : amongCells
      this.#cellsDepth = this.#cursor.depth + 1
    }
    if (closed) return
    this.#cursor.depth++
    window.checkDepth(this.#cursor.depth + 1)
  }

  #close(at: number): void {
    const window = this.#window
    const name = window.localName(at + 2)
    if (name >= 0 && this.#phase === amongCells && window.isName(name, "sheetData")) {
      if (this.#cursor.depth !== this.#cellsDepth) throw malformed(this.#place, "has incorrectly nested elements in its rows")
      this.#phase = afterCells
    }
    this.#cursor.depth--
    if (this.#cursor.depth < 0) this.#rootClosed = true
  }

  /** Reads a row's attributes from an index to the end of its tag. */
  #openRow(from: number, end: number): void {
    const bytes = this.#window.bytes
    let row = 0
    let isHidden = false
    let at = from
    while (at < end) {
      if ((bytes[at] as number) <= 32) {
        at++
        continue
      }
      const name = at
      while (at < end && bytes[at] !== 61) at++
      while (at < end && bytes[at] !== 34 && bytes[at] !== 39) at++
      const quote = bytes[at]
      const value = ++at
      while (at < end && bytes[at] !== quote) at++
      if (bytes[name] === 114 && (bytes[name + 1] as number) <= 61) row = this.#digits(value, at)
      else if (bytes[name] === 104 && this.#window.bytes.toString("latin1", name, name + 6) === "hidden") {
        isHidden = bytes[value] === 49 || bytes[value] === 116
      }
      at++
    }
    this.#cursor.row = row > 0 ? row - 1 : this.#cursor.row + 1
    this.#cell.isHidden = this.#skipHiddenRows && isHidden
    if (isHidden) this.#cursor.hide(this.#cursor.row)
    this.#cursor.column = -1
  }

  /** Parses an unsigned integer. Returns 0 for other texts. */
  #digits(from: number, to: number): number {
    const bytes = this.#window.bytes
    let number = 0
    for (let at = from; at < to; at++) {
      const digit = (bytes[at] as number) - 48
      if (digit < 0 || digit > 9) return 0
      number = number * 10 + digit
    }
    return number
  }
}
