import { setImmediate as nextTurn } from "node:timers/promises"
import type { Cell, Fill, Worksheet } from "exceljs"
import { headerKey } from "../binding/match-headers.ts"
import { limitExceeded } from "../errors/limit-exceeded.ts"
import type { RowgateError } from "../errors/rowgate-error.ts"
import { shownText } from "../errors/shown-text.ts"
import { CellError } from "../model/cell-error.ts"
import type { CellValue } from "../model/cell-value.ts"
import type { ColumnGuide } from "../model/column-guide.ts"
import { Duration } from "../model/duration.ts"
import { reasonText } from "../model/reason-text.ts"
import { rejectsKind, type StoredReject, type StoredRejects } from "../model/stored-reject.ts"
import { TimeOfDay } from "../model/time-of-day.ts"
import { checkArgument } from "../options/check-argument.ts"
import { checkOptions } from "../options/check-options.ts"
import { having, list, text } from "../options/option-kinds.ts"
import { addValidation, DropDownLists, formatOf } from "./guide-cells.ts"
import { guideLines } from "./guide-text.ts"
import { addHelp } from "./help-sheet.ts"
import { escaped, greyFill, sheetLimits, type WorkbookWriter, writeWorkbook } from "./workbook-file.ts"

const badFill: Fill = { type: "pattern", pattern: "solid", fgColor: { argb: "FFFFC7CE" } }
const placeColumns = ["_row", "_line", "_address", "_reasons", "_run"] as const
const mostRows = sheetLimits.rows - 1
const longestText = sheetLimits.text
/** Spreadsheet programs become slow with more notes. Every row has its reasons in `_reasons` too. */
const mostNotes = 20_000
/** Spreadsheet programs need gigabytes of memory for many more. */
const mostCells = 5_000_000
const dayMs = 86_400_000
/** After this many rows the loop waits a turn, so that the writer can flush its buffers to disk. */
const rowsPerTurn = 500

/** Options of `correctionWorkbook`. */
export interface CorrectionWorkbookOptions {
  /**
   * What columns of the rows take, from `columnGuides` or `tableGuides`. Their cells then have drop-downs and warnings, their headers notes, and cells to
   * correct the format of their kind. Default: nothing is known, and all cells to correct are text.
   */
  readonly columns?: readonly ColumnGuide[] | undefined
}

/**
 * Writes rejects as a workbook that you correct by hand and replay. Its sheet `Rejects` has a frozen header. Every bad cell is filled and has its
 * reason as a note, up to 20,000 notes; `_reasons` has the reasons of every row. A text stays text, and no cell is a formula. Another sheet explains in
 * plain words what to do.
 *
 * Returns the number of rows. The file appears under its name when it is complete. Throws `DEPENDENCY_MISSING` if `exceljs` is not installed,
 * `LIMIT_EXCEEDED` beyond 1,048,575 rows, 16,384 columns, 5,000,000 cells or 32,767 characters in a text, `SINK_REFUSED` if the file cannot be written,
 * and what iterating `rejects` throws.
 */
export async function correctionWorkbook(path: string, rejects: StoredRejects, options: CorrectionWorkbookOptions = {}): Promise<number> {
  checkArgument("correctionWorkbook()", path, text("a path"))
  checkArgument("The rejects of correctionWorkbook()", rejects, rejectsKind())
  checkOptions("correctionWorkbook()", options, { columns: list(having<ColumnGuide>("a guide"), "guides, as columnGuides() returns them") })
  return writeWorkbook(path, ", or write the rejects as csv", (book) => fill(book, rejects, options.columns ?? []))
}

async function fill(book: WorkbookWriter, rejects: StoredRejects, given: readonly ColumnGuide[]): Promise<number> {
  const names = await rejects.columns()
  const find = columnFinder(names, (await rejects.headers?.()) ?? new Map())
  const guides = new Map<string, ColumnGuide>()
  for (const guide of given) {
    const name = names[find(guide.name)]
    if (name !== undefined) guides.set(name, guide)
  }
  const sheet = book.addWorksheet("Rejects", { views: [{ state: "frozen", xSplit: 1, ySplit: 1 }] })
  const header = ["_reject", ...names, ...placeColumns]
  if (header.length > sheetLimits.columns) throw tooLarge("The workbook", "columns", header.length, sheetLimits.columns)
  addHeader(sheet, header, names, guides)
  const formats = names.map((name) => formatIn(guides, name))
  let [written, notes] = [0, 0]
  let delivery: string | undefined
  for await (const reject of rejects) {
    if (++written > mostRows) throw tooLarge("The workbook", "rejects or more", written, mostRows)
    if (written * header.length > mostCells) throw tooLarge("The workbook", "cells or more", written * header.length, mostCells)
    delivery ??= reject.delivery
    notes += addReject(sheet, { names, formats, find, reject, withNotes: notes < mostNotes })
    if (written % rowsPerTurn === 0) await nextTurn()
  }
  const lists = new DropDownLists()
  names.forEach((name, at) => {
    const guide = guides.get(name)
    if (guide !== undefined) addValidation(sheet, guide, { column: at + 2, first: 2, last: written + 1 }, { lists, errorStyle: "warning" })
  })
  sheet.autoFilter = { from: { row: 1, column: 1 }, to: { row: 1, column: header.length } }
  sheet.commit()
  addHelp(book, "How to correct these rows", steps(delivery), guides)
  lists.addTo(book)
  return written
}

function steps(delivery = "RUN"): readonly string[] {
  return [
    'Each row of the sheet "Rejects" could not be loaded. The red cells are wrong: point at one to read why. The column _reasons has all reasons of the row.',
    "Correct the red cells. If a cell has a list, click its arrow to see what you can choose. A note on the name of a column says what the column takes.",
    "Leave the grey columns and all names in the first row as they are. You can sort and filter the rows, and move columns. Do not delete columns, and do not add rows: only rows with a number in _reject can be loaded.",
    "Leave or delete the rows that you cannot correct. They stay open, and you can correct them later.",
    `Save the file as xlsx and send it back. This command loads it: rowgate replay ${delivery} FILE`,
    "rowgate loads each corrected row once. Rows that are still wrong are rejected again, with their reasons.",
  ]
}

function addHeader(sheet: Worksheet, header: readonly string[], names: readonly string[], guides: ReadonlyMap<string, ColumnGuide>): void {
  sheet.columns = header.map((name) => ({
    width: name === "_reasons" ? 60 : Math.min(40, Math.max(10, name.length + 2)),
    hidden: name === "_run",
    ...(names.includes(name) ? { style: { numFmt: formatIn(guides, name) } } : {}),
  }))
  const first = sheet.addRow(header.map(escaped))
  first.font = { bold: true }
  header.forEach((name, at) => {
    const cell = first.getCell(at + 1)
    const guide = guides.get(name)
    if (!names.includes(name)) cell.fill = greyFill
    else if (guide !== undefined) cell.note = escaped(guideLines(guide).join("\n"))
  })
  first.commit()
}

function formatIn(guides: ReadonlyMap<string, ColumnGuide>, name: string): string {
  const guide = guides.get(name)
  return guide === undefined ? "@" : formatOf(guide)
}

interface RejectRow {
  readonly names: readonly string[]
  /** The number format of each column. */
  readonly formats: readonly string[]
  readonly find: (column: string | undefined) => number
  readonly reject: StoredReject
  readonly withNotes: boolean
}

/** Returns how many notes the row has. */
function addReject(sheet: Worksheet, { names, formats, find, reject, withNotes }: RejectRow): number {
  const { number, raw, origin, issues, delivery } = reject
  const row = sheet.addRow([number])
  names.forEach((name, at) => {
    const value = Object.hasOwn(raw, name) ? (raw[name] ?? null) : null
    if (typeof value === "string" && value.length > longestText)
      throw tooLarge(`The text in column "${shownText(name)}" of reject ${number}`, "characters", value.length, longestText)
    if (value !== null) setCell(row.getCell(at + 2), value)
  })
  const reasons = issues.map(reasonText).join("; ")
  const place = [origin.row, origin.line, origin.address, escaped(reasons.slice(0, longestText)), delivery]
  place.forEach((value, at) => {
    if (value !== undefined) row.getCell(names.length + 2 + at).value = value
  })
  const notes = new Map<number, string[]>()
  for (const issue of issues) {
    const at = find(issue.column)
    const column = at < 0 ? names.length + 2 + placeColumns.indexOf("_reasons") : at + 2
    notes.set(column, [
      ...(notes.get(column) ?? []),
      issue.suggestion === undefined ? issue.message : `${issue.message} (${issue.suggestion})`,
    ])
  }
  for (const [column, texts] of notes) {
    const cell = row.getCell(column)
    cell.fill = badFill
    // What is typed over a bad text is read as the column's kind.
    const format = formats[column - 2]
    if (format !== undefined && (typeof cell.value === "string" || cell.value === null)) cell.numFmt = format
    if (withNotes) cell.note = escaped(texts.join("\n"))
  }
  row.commit()
  return withNotes ? notes.size : 0
}

/** Finds the column of the file that an issue or a guide names: by the header that was bound to it, by the exact name or by its normalized form. */
function columnFinder(names: readonly string[], headers: ReadonlyMap<string, string>): (column: string | undefined) => number {
  const exact = new Map(names.map((name, at) => [name, at]))
  const like = new Map([...names].reverse().map((name) => [headerKey(name), exact.get(name) ?? -1]))
  return (column) => {
    if (column === undefined) return -1
    return exact.get(headers.get(column) ?? column) ?? exact.get(column) ?? like.get(headerKey(column)) ?? -1
  }
}

function setCell(cell: Cell, value: NonNullable<CellValue>): void {
  if (typeof value === "string") setStyled(cell, escaped(value), "@")
  else if (value instanceof Date) setStyled(cell, value, value.getTime() % dayMs === 0 ? "yyyy-mm-dd" : "yyyy-mm-dd hh:mm:ss.000")
  else if (value instanceof TimeOfDay) setStyled(cell, value.ms / dayMs, "hh:mm:ss")
  else if (value instanceof Duration) setStyled(cell, value.ms / dayMs, "[h]:mm:ss")
  else if (value instanceof CellError) setStyled(cell, escaped(value.error), "@")
  else setStyled(cell, value, "General")
}

function setStyled(cell: Cell, value: string | Date | number | boolean, numFmt: string): void {
  cell.value = value
  cell.numFmt = numFmt
}

function tooLarge(subject: string, unit: string, seen: number, limit: number): RowgateError {
  return limitExceeded({ subject, unit, seen, limit, remedy: "Export the rejects as csv or ndjson." })
}
