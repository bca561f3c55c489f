import type { XmlWindow } from "../xml/xml-window.ts"
import type { CellBlock } from "./cell-block.ts"
import { dateFormat, plainFormat, shownFormat } from "./cell-formats.ts"
import { dateCell, numberCell, sharedCell, shownCell } from "./cell-kind.ts"

/** The progress of a scan. */
export class CellCursor {
  /** Current row, counted from 0; -1 before the first one. */
  row = -1
  /** Column of the last cell; a cell without an address follows it. */
  column = -1
  /** How many elements are open, without the root. */
  depth = 0
  /** The first hidden rows. Only a notice depends on them. */
  readonly #hidden: Set<number>

  constructor(hidden: Set<number> = new Set()) {
    this.#hidden = hidden
  }

  hide(row: number): void {
    if (this.#hidden.size < mostHidden) this.#hidden.add(row)
  }
}

const mostHidden = 16_384

/** What the scan needs to know about the workbook. */
export interface CommonCellOptions {
  /** Class of each style's format, as `CellFormats` has it. */
  readonly classes: Uint8Array
  readonly date1904: boolean
  readonly sharedStrings: number
  readonly rows: number
  readonly columns: number
}

/**
 * How many cells a call scans. V8 compiles a loop again whenever it runs for long, but a function that returns often only once or twice: three
 * times in a scan of 1.8 million cells, instead of five or six.
 */
const cellsAtATime = 256

const powersOfTen = Float64Array.from({ length: 16 }, (_, exponent) => 10 ** exponent)

/** The depth of rows: they are inside `sheetData`. */
const amongRows = 1

/** All serials in this range count from 1899-12-30. */
const firstPlainSerial = 61
const pastLastSerial = 2_958_466
const daysTo1970 = 25_569
const dayMs = 86_400_000

/**
 * Scans rows and cells while they have the form that nearly all programs write, and stops at the first other one:
 *
 * `<row r="2" ...>`, `</row>`, `<c r="B2" s="1" t="s"><v>12</v></c>` with `s` and `t` left out or `t="n"`, and `<c r="B2" s="1"/>`.
 *
 * The speed of reading depends on this loop: it looks at each byte of a cell once, and calls functions for rows and fixed texts only. Bytes are
 * numbers with their text beside them, because named constants cost 6 % (docs/decisions/023-the-cell-scan-compares-numbers.md).
 *
 * It may read up to 64 bytes past the end, which are zero. An element that reaches them is incomplete, so the scan stops at its beginning. Returns
 * true if the block is full, or if it scanned enough cells for one call.
 */
export function scanCommonCells(window: XmlWindow, block: CellBlock, cursor: CellCursor, options: CommonCellOptions): boolean {
  const bytes = window.bytes
  const { rows, columns, kinds, values, ends, capacity } = block
  const { classes, sharedStrings } = options
  const mostRows = options.rows
  const mostColumns = options.columns
  const pastLastDate = options.date1904 ? 0 : pastLastSerial
  let length = block.length
  const enough = Math.min(capacity, length + cellsAtATime)
  let at = window.at
  let currentRow = cursor.row
  let currentColumn = cursor.column
  while (length < enough) {
    if (bytes[at] !== 60 /* < */) {
      // White space between elements, as pretty-printers leave it.
      if (bytes[at] !== 10 && bytes[at] !== 13 && bytes[at] !== 32 && bytes[at] !== 9) break
      at++
      continue
    }
    if (bytes[at + 1] === 47 /* / */) {
      if (!closesRow(bytes, at) || cursor.depth !== amongRows + 1) break
      cursor.depth = amongRows
      at += 6
      continue
    }
    if (bytes[at + 1] !== 99 /* c */) {
      const next = openRow(bytes, at, cursor)
      if (next === irregular) break
      currentRow = cursor.row
      currentColumn = cursor.column
      at = next
      continue
    }

    // The address: ` r="B2"`.
    if (bytes[at + 2] !== 32 || bytes[at + 3] !== 114 || bytes[at + 4] !== 61 || bytes[at + 5] !== 34) break
    let p = at + 6
    let byte = bytes[p] as number
    let column = 0
    for (; byte >= 65 && byte <= 90; byte = bytes[++p] as number) column = column * 26 + byte - 64
    let row = 0
    for (; byte >= 48 && byte <= 57; byte = bytes[++p] as number) row = row * 10 + byte - 48
    if (byte !== 34 || column === 0 || row === 0 || column > mostColumns || row > mostRows) break
    byte = bytes[++p] as number

    // The style and the type, if they are there: ` s="1"`, ` t="s"` or ` t="n"`.
    let style = 0
    if (byte === 32 && bytes[p + 1] === 115) {
      if (bytes[p + 2] !== 61 || bytes[p + 3] !== 34) break
      p += 4
      for (byte = bytes[p] as number; byte >= 48 && byte <= 57; byte = bytes[++p] as number) style = style * 10 + byte - 48
      if (byte !== 34) break
      byte = bytes[++p] as number
    }
    let isShared = false
    if (byte === 32) {
      if (bytes[p + 1] !== 116 || bytes[p + 2] !== 61 || bytes[p + 3] !== 34 || bytes[p + 5] !== 34) break
      byte = bytes[p + 4] as number
      if (byte === 115) isShared = true
      else if (byte !== 110) break
      p += 6
      byte = bytes[p] as number
    }

    // A cell without a value: `/>`.
    if (byte === 47) {
      if (bytes[p + 1] !== 62) break
      currentRow = row - 1
      currentColumn = column - 1
      at = p + 2
      continue
    }

    // The value: `><v>`, an optional sign, then digits and at most one point.
    if (byte !== 62 || bytes[p + 1] !== 60 || bytes[p + 2] !== 118 || bytes[p + 3] !== 62) break
    p += 4
    byte = bytes[p] as number
    const isNegative = byte === 45
    if (isNegative) byte = bytes[++p] as number
    const first = p
    let pointAt = 0
    // Nine digits fit a small integer; up to fifteen are exact in a double.
    let small = 0
    let stop = p + 9
    for (; p < stop; byte = bytes[++p] as number) {
      if (byte >= 48 && byte <= 57) small = small * 10 + byte - 48
      else if (byte === 46 && pointAt === 0) {
        pointAt = p
        stop++
      } else break
    }
    let value = small
    if (byte !== 60) {
      for (stop += 6; p < stop; byte = bytes[++p] as number) {
        if (byte >= 48 && byte <= 57) value = value * 10 + byte - 48
        else if (byte === 46 && pointAt === 0) {
          pointAt = p
          stop++
        } else break
      }
      if (byte !== 60) break
    }
    if (!closesCell(bytes, p)) break

    // What the value means.
    if (isShared) {
      if (pointAt !== 0 || isNegative || p === first || value >= sharedStrings) break
      kinds[length] = sharedCell
      values[length] = value
    } else {
      const digits = pointAt === 0 ? p - first : p - first - 1
      if (digits === 0) break
      if (pointAt !== 0) value /= powersOfTen[p - pointAt - 1] as number
      if (isNegative) value = -value
      const format = style < classes.length ? (classes[style] as number) : plainFormat
      if (format === plainFormat) {
        kinds[length] = numberCell
        values[length] = value
      } else if (format === shownFormat) {
        kinds[length] = shownCell
        values[length] = value
        ends[length] = style + 1
      } else if (format === dateFormat && value >= firstPlainSerial && value < pastLastDate) {
        kinds[length] = dateCell
        values[length] = Math.round((value - daysTo1970) * dayMs)
      } else break
    }
    rows[length] = currentRow = row - 1
    columns[length] = currentColumn = column - 1
    length++
    at = p + 8
  }
  block.length = length
  window.at = at
  cursor.row = currentRow
  cursor.column = currentColumn
  return length === enough
}

/** What the general path must read. */
const irregular = -1

/** Whether `</row>` is here; its first two bytes were already checked. */
function closesRow(bytes: Uint8Array, at: number): boolean {
  return bytes[at + 2] === 114 && bytes[at + 3] === 111 && bytes[at + 4] === 119 && bytes[at + 5] === 62
}

/** Where scanning continues after the `<row r="2" ...>` that begins here. */
function openRow(bytes: Uint8Array, at: number, cursor: CellCursor): number {
  if (bytes[at + 1] !== 114 || bytes[at + 2] !== 111 || bytes[at + 3] !== 119 || bytes[at + 4] !== 32) return irregular
  if (bytes[at + 5] !== 114 || bytes[at + 6] !== 61 || bytes[at + 7] !== 34 || cursor.depth !== amongRows) return irregular
  let p = at + 8
  let byte = bytes[p] as number
  let number = 0
  for (; byte >= 48 && byte <= 57; byte = bytes[++p] as number) number = number * 10 + byte - 48
  if (byte !== 34 || number === 0) return irregular
  // The other attributes. A row is irregular if it quotes them differently, or if the bytes end inside it.
  for (byte = bytes[++p] as number; byte !== 62; byte = bytes[++p] as number) {
    if (byte === 104 && bytes[p + 1] === 105 && isHidden(bytes, p)) cursor.hide(number - 1)
    if (byte === 34) {
      do byte = bytes[++p] as number
      while (byte !== 34 && byte !== 0)
    }
    if (byte === 0 || byte === 39 || byte === 60) return irregular
  }
  if (bytes[p - 1] !== 47) cursor.depth = amongRows + 1
  cursor.row = number - 1
  cursor.column = -1
  return p + 1
}

/** Whether ` hidden="1"` or ` hidden="true"` is here, from its letter h on. */
function isHidden(bytes: Uint8Array, at: number): boolean {
  if (bytes[at - 1] !== 32 || bytes[at + 5] !== 110 || bytes[at + 6] !== 61 || bytes[at + 7] !== 34) return false
  return bytes[at + 8] === 49 || bytes[at + 8] === 116
}

/** Whether `</v></c>` is here; its first byte was already checked. */
function closesCell(bytes: Uint8Array, at: number): boolean {
  if (bytes[at + 1] !== 47 || bytes[at + 2] !== 118 || bytes[at + 3] !== 62 || bytes[at + 4] !== 60) return false
  return bytes[at + 5] === 47 && bytes[at + 6] === 99 && bytes[at + 7] === 62
}
