import type { CellValue, Row } from "../../model/cell-value.ts"
import type { Column } from "../../model/column.ts"
import { createIssue } from "../../model/create-issue.ts"
import type { TableBatch } from "../../model/table-batch.ts"
import { apparentKind } from "../header/apparent-kind.ts"
import { isColumnWord } from "../header/column-words.ts"
import { BatchLine, type TableLine } from "./table-line.ts"

/** How many of the first rows, and of their columns, show which columns hold numbers or dates. */
const sampleRows = 50
const sampleColumns = 200
const longestLabel = 60
/** A question of a survey is longer than a name. */
const longestName = 200
/** Where more rows of a batch have text in such a column, they are values. */
const mostHeaders = 8

const innerHeader = createIssue({
  code: "table.header",
  message: "The row has names where the other rows have numbers or dates; another table may begin here.",
  rule: "table.header",
  severity: "warning",
  confidence: 0.6,
})

const secondHeader = createIssue({
  code: "table.header",
  message: "The row has names where the other rows have values; it may be a second row of the header.",
  rule: "table.header",
  severity: "warning",
  confidence: 0.6,
})

/**
 * Finds rows amid a table that look like the header of another one: names in all columns of numbers and dates. Names in only one such column are
 * evidence if the header has one of them too, or if that one is a usual name of a column.
 *
 * All rows are looked at, but only at the first byte of one cell, if it is no letter.
 */
export class InnerHeaders {
  /** The columns of numbers and dates; undefined before the first rows. */
  #typed: readonly number[] | undefined

  mark(batch: TableBatch<Row>): void {
    const isFirst = this.#typed === undefined
    const typed = this.#typed ?? typedColumns(batch)
    this.#typed = typed
    const column = batch.shape.columns[typed[0] ?? -1]
    if (isFirst && this.#isSecondHeader(batch)) batch.mark(0, secondHeader)
    if (column === undefined) return
    // The row below the header may be its second one.
    const rows = textRows(column, isFirst ? 1 : 0).filter((row) => batch.selection.has(row))
    if (rows.length === 0 || rows.length > mostHeaders) return
    const header = new Set(batch.table.header.map((name) => name.trim().toLowerCase()))
    const lines = rows.map((row) => ({ row, line: new BatchLine(batch, row, undefined) }))
    for (const { row, line } of lines) if (this.#isHeader(line, header)) batch.mark(row, innerHeader)
  }

  /**
   * Whether the first row has names in some columns and leaves out those that all other rows fill with numbers or dates, as in the export of a survey,
   * or has names in all of those.
   */
  #isSecondHeader(batch: TableBatch<Row>): boolean {
    const typed = this.#typed ?? []
    if (typed.length === 0 || batch.length < 3 || !batch.selection.has(0)) return false
    const cells = new BatchLine(batch, 0, undefined).cells()
    const names = cells.filter((cell) => cell !== "")
    if (names.length < 2 || new Set(names.map((name) => name.toLowerCase())).size < names.length) return false
    if (!names.every((cell) => cell.length <= longestName && apparentKind(cell) === "text")) return false
    const contrasts = typed.filter((at) => cells[at] !== "")
    if (contrasts.length > 0) return contrasts.length === typed.length && typed.length > 1 && names.length === cells.length
    if (cells[0] !== "" || typed.length < 2) return false
    for (let row = 1; row < Math.min(batch.length, sampleRows); row++)
      if (typed.some((at) => isBlank(batch.shape.columns[at]?.at(row)))) return false
    return true
  }

  #isHeader(line: TableLine, header: ReadonlySet<string>): boolean {
    const cells = line.cells()
    const width = cells.findLastIndex((cell) => cell !== "") + 1
    const names = cells.slice(0, width)
    if (width < 2 || !names.every((cell) => cell !== "" && cell.length <= longestLabel && apparentKind(cell) === "text")) return false
    if (new Set(names.map((name) => name.toLowerCase())).size < width) return false
    const contrasts = names.filter((_, at) => this.#typed?.includes(at))
    return contrasts.length > 1 || names.some((name) => header.has(name.toLowerCase())) || contrasts.some(isColumnWord)
  }
}

function isBlank(value: unknown): boolean {
  return value === null || value === undefined || value === ""
}

function typedColumns(batch: TableBatch<Row>): number[] {
  const typed: number[] = []
  for (const [at, column] of batch.shape.columns.slice(0, sampleColumns).entries()) {
    let values = 0
    let texts = 0
    for (let row = 0; row < Math.min(batch.length, sampleRows); row++) {
      const kind = apparentKind(column.at(row) as CellValue)
      if (kind === "number" || kind === "date") values++
      else if (kind === "text" || kind === "boolean") texts++
    }
    if (values > 1 && (texts <= 1 || texts * 3 <= values)) typed.push(at)
  }
  return typed
}

/** The rows from one on whose cell begins with a letter, but no more than are looked at. */
function textRows(column: Column<unknown>, from: number): number[] {
  if (column.kind === "bytes") return rangesWithText(column as Column<string>, from)
  const rows: number[] = []
  if (column.kind !== "value" && column.kind !== "dictionary") return rows
  for (let row = from; row < column.length && rows.length <= mostHeaders; row++) if (typeof column.at(row) === "string") rows.push(row)
  return rows
}

/** This runs for each row of a file, so it reads one byte of the row. */
function rangesWithText(column: Column<string>, from: number): number[] {
  const { bytes, starts, ends } = column.ranges()
  const { length } = column
  const rows: number[] = []
  for (let row = from; row < length; row++) {
    const start = starts[row] as number
    const byte = bytes[start] as number
    if (byte < 65 || (byte > 90 && byte < 97) || (byte > 122 && byte < 128)) continue
    if (start < (ends[row] as number) && rows.push(row) > mostHeaders) break
  }
  return rows
}
