import { dayMs } from "../../../cells/civil-date.ts"
import { formatAddress } from "../a1.ts"
import type { XlsxBounds } from "../xlsx-limits.ts"
import type { PartPlace } from "../xml/xml-chunks.ts"
import { malformed, xmlExceeded } from "../xml/xml-errors.ts"
import type { CellBlock } from "./cell-block.ts"
import { type CellFormats, dateFormat, durationFormat, mixedFormat, plainFormat, shownFormat, timeFormat } from "./cell-formats.ts"
import {
  booleanCell,
  dateCell,
  durationCell,
  errorCell,
  formulaCell,
  numberCell,
  sharedCell,
  shownCell,
  textCell,
  timeCell,
} from "./cell-kind.ts"
import { booleanType, dateType, errorType, inlineType, numberType, sharedType, stringType } from "./cell-type.ts"
import type { CellCursor } from "./common-cells.ts"
import { losesDigits } from "./loses-digits.ts"
import { readIsoCell } from "./read-iso-cell.ts"
import { readNumber } from "./read-number.ts"
import { firstSharedSerial, msToSerial, serialToMs, serialToTime } from "./serial-date.ts"

/** What a `CellWriter` must know of the workbook. */
export interface CellWriterOptions {
  readonly formats: CellFormats
  readonly date1904: boolean
  /** Whether the workbook has the strict form, in which Excel writes dates as text. */
  readonly isStrict: boolean
  /** The number of shared strings. A cell that refers to a higher index is an error. */
  readonly sharedStrings: number
  readonly bounds: XlsxBounds
  readonly place: PartPlace
}

/** Converts a cell's type, style and content to its kind and value, and appends the cell to a block. */
export class CellWriter {
  // The attributes of the current cell. Row and column are -1 if it does not state them.
  row = -1
  column = -1
  style = 0
  type = numberType
  /** Whether the row is hidden: its cells then only advance the cursor. */
  isHidden = false
  readonly #cursor: CellCursor
  readonly #formats: CellFormats
  readonly #classes: Uint8Array
  readonly #date1904: boolean
  readonly #isStrict: boolean
  readonly #sharedStrings: number
  readonly #bounds: XlsxBounds
  readonly #place: PartPlace

  constructor(options: CellWriterOptions, cursor: CellCursor) {
    this.#cursor = cursor
    this.#formats = options.formats
    this.#classes = options.formats.classes
    this.#date1904 = options.date1904
    this.#isStrict = options.isStrict
    this.#sharedStrings = options.sharedStrings
    this.#bounds = options.bounds
    this.#place = options.place
  }

  /** Adds a cell that was read to its end. Its value is in the window from `start` to `end`, or `decoded` at the end of the block's text. */
  addContent(bytes: Buffer, start: number, end: number, decoded: boolean, block: CellBlock): void {
    if (!decoded && start < 0) this.skip()
    else if (decoded || !this.#addRaw(bytes, start, end, block)) this.#addDecoded(bytes, start, end, decoded, block)
  }

  addNumber(value: number, block: CellBlock): void {
    const { style } = this
    const format = style < this.#classes.length ? (this.#classes[style] as number) : plainFormat
    if (format === plainFormat) this.#add(numberCell, value, block)
    else if (format === shownFormat) {
      const index = block.length
      this.#add(shownCell, value, block)
      if (block.length > index) block.ends[index] = style + 1
    } else this.#addDated(value, format === mixedFormat ? this.#formats.classOf(style, value) : format, block)
  }

  addShared(index: number, block: CellBlock): void {
    if (!(index < this.#sharedStrings) || !Number.isInteger(index) || index < 0) {
      const at = formatAddress(Math.max(this.row, this.#cursor.row, 0), Math.max(this.column, 0))
      throw malformed(this.#place, `has a cell (${at}) with the shared string ${index}, but there are only ${this.#sharedStrings}`)
    }
    this.#add(sharedCell, index, block)
  }

  /** Adds a formula without a result. An empty text is a result, so the cell must have another type. */
  addFormula(block: CellBlock): void {
    this.#add(formulaCell, 0, block)
  }

  /** Moves past a blank cell. */
  skip(): void {
    if (this.row >= 0) this.#cursor.row = this.row
    this.#cursor.column = this.column < 0 ? this.#cursor.column + 1 : this.column
  }

  /** Adds a number or shared string whose value in the window needs no decoding. Returns false for anything else. */
  #addRaw(bytes: Buffer, start: number, end: number, block: CellBlock): boolean {
    const { type } = this
    if (type !== numberType && type !== sharedType) return false
    const number = readNumber(bytes, start, end)
    if (Number.isNaN(number)) {
      if (!isSpace(bytes, start, end)) return false
      this.skip()
    } else if (type === sharedType) this.addShared(number, block)
    else if (end - start > 15 && this.#isExact(bytes, start, end, number)) return false
    else this.addNumber(number, block)
    return true
  }

  #addDecoded(bytes: Buffer, start: number, end: number, decoded: boolean, block: CellBlock): void {
    const { text } = block
    const { type } = this
    if (!decoded) text.append(bytes, start, end)
    const isText = type === stringType || type === inlineType
    if (!isText && this.#addTyped(text.bytes.toString("utf8", text.length - text.pending, text.length), block)) text.cancel()
    else this.#addText(type === errorType ? errorCell : textCell, block)
  }

  /** Reads a decoded value by the cell's type. Returns false if it is text. */
  #addTyped(value: string, block: CellBlock): boolean {
    const { type } = this
    const trimmed = value.trim()
    if (trimmed === "") this.skip()
    else if (type === booleanType && /^(?:0|1|true|false)$/i.test(trimmed)) {
      this.#add(booleanCell, trimmed === "1" || trimmed.toLowerCase() === "true" ? 1 : 0, block)
    } else if (type === dateType) return this.#addIsoDate(trimmed, block)
    else if (type === sharedType) this.addShared(readNumber(Buffer.from(trimmed), 0, trimmed.length), block)
    else if (type === numberType) {
      const bytes = Buffer.from(trimmed)
      const number = readNumber(bytes, 0, bytes.length)
      if (Number.isNaN(number) || this.#isExact(bytes, 0, bytes.length, number)) return false
      this.addNumber(number, block)
    } else return false
    return true
  }

  /** Whether the text of a number has more digits than a number cell keeps. A date, time or duration needs no more. */
  #isExact(bytes: Uint8Array, start: number, end: number, value: number): boolean {
    if (!losesDigits(bytes, start, end, value)) return false
    const { style } = this
    const format = style < this.#classes.length ? this.#classes[style] : plainFormat
    const shown = format === mixedFormat ? this.#formats.classOf(style, value) : format
    return shown === plainFormat || shown === shownFormat
  }

  /**
   * A cell of type `d` holds a date, a date with a time, a time or a duration in ISO 8601. Excel writes the days before March 1900 as if serials below
   * 60 counted from 1899-12-30 too, so in a workbook that it may have written they are read by their serials.
   */
  #addIsoDate(value: string, block: CellBlock): boolean {
    const cell = readIsoCell(value)
    if (cell === undefined) return false
    const serial = cell.kind === dateCell && this.#isStrict && !this.#date1904 ? msToSerial(cell.ms) : firstSharedSerial
    if (serial >= 0 && serial < firstSharedSerial) this.#addDated(serial, dateFormat, block)
    else this.#add(cell.kind, cell.ms, block)
    return true
  }

  #addText(kind: number, block: CellBlock): void {
    const { text } = block
    const start = text.length - text.pending
    const faults = text.finish()
    if (text.pending > this.#bounds.cellBytes) {
      throw xmlExceeded(this.#place, "bytes in one cell", text.pending, this.#bounds.cellBytes, "cellBytes")
    }
    const index = block.length
    this.#add(kind, start, block)
    if (block.length === index) {
      text.cancel()
      return
    }
    block.ends[index] = text.length
    if (faults !== 0) block.faults.set(index, faults)
  }

  #addDated(value: number, format: number, block: CellBlock): void {
    if (format === durationFormat) this.#add(durationCell, Math.round(value * dayMs), block)
    else if (format === plainFormat) this.#add(numberCell, value, block)
    // In the 1900 system, serials below 1 are times without a day. In the 1904 system they are on the first day, unless the format shows only a time.
    else if (value >= 0 && value < 1 && (format === timeFormat || !this.#date1904)) this.#add(timeCell, serialToTime(value), block)
    else {
      const ms = serialToMs(value, this.#date1904)
      if (Number.isNaN(ms)) this.#add(numberCell, value, block)
      else this.#add(dateCell, ms, block)
    }
  }

  #add(kind: number, value: number, block: CellBlock): void {
    const { columns, rows } = this.#bounds
    if (this.row >= 0) this.#cursor.row = this.row
    const row = this.#cursor.row
    const column = this.column < 0 ? this.#cursor.column + 1 : this.column
    this.#cursor.column = column
    if (row < 0) throw malformed(this.#place, "has a cell before its first row")
    if (row >= rows) throw xmlExceeded(this.#place, "rows", row + 1, rows, "rows")
    if (column >= columns) throw xmlExceeded(this.#place, "columns", column + 1, columns, "columns")
    if (this.isHidden) return
    const index = block.length++
    block.rows[index] = row
    block.columns[index] = column
    block.kinds[index] = kind
    block.values[index] = value
  }
}

function isSpace(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if ((bytes[at] as number) > 32) return false
  return true
}
