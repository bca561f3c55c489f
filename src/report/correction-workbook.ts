import { setImmediate as nextTurn } from "node:timers/promises"
import type { Cell, Fill, Worksheet } from "exceljs"
import { headerKey } from "../binding/match-headers.ts"
import { limitExceeded } from "../errors/limit-exceeded.ts"
import { RowgateError } from "../errors/rowgate-error.ts"
import { shownText } from "../errors/shown-text.ts"
import { PartFile } from "../files/part-file.ts"
import { CellError } from "../model/cell-error.ts"
import type { CellValue } from "../model/cell-value.ts"
import { Duration } from "../model/duration.ts"
import { reasonText } from "../model/reason-text.ts"
import { rejectsKind, type StoredReject, type StoredRejects } from "../model/stored-reject.ts"
import { TimeOfDay } from "../model/time-of-day.ts"
import { checkArgument } from "../options/check-argument.ts"
import { text } from "../options/option-kinds.ts"

const badFill: Fill = { type: "pattern", pattern: "solid", fgColor: { argb: "FFFFC7CE" } }
const addedFill: Fill = { type: "pattern", pattern: "solid", fgColor: { argb: "FFEDEDED" } }
const placeColumns = ["_row", "_line", "_address", "_reasons", "_run"] as const
const longestText = 32_767
const mostRows = 1_048_575
const dayMs = 86_400_000
/** After this many rows the loop waits a turn, so that the writer can flush its buffers to disk. */
const rowsPerTurn = 500

/**
 * Writes rejects as a workbook that you correct by hand and replay. It has one sheet with a frozen header. Every bad cell is filled and has its
 * reason as a note. The columns are formatted as text, so a spreadsheet program keeps what you type, and no cell is a formula.
 *
 * Returns the number of rows. The file appears under its name when it is complete. Throws `DEPENDENCY_MISSING` if `exceljs` is not installed,
 * `LIMIT_EXCEEDED` if a sheet cannot hold the rows or a text, `SINK_REFUSED` if the file cannot be written, and what iterating `rejects` throws.
 */
export async function correctionWorkbook(path: string, rejects: StoredRejects): Promise<number> {
  checkArgument("correctionWorkbook()", path, text("a path"))
  checkArgument("The rejects of correctionWorkbook()", rejects, rejectsKind())
  const { default: excel } = await import("exceljs").catch((cause: unknown) => {
    throw new RowgateError({
      code: "DEPENDENCY_MISSING",
      message: "Writing a workbook needs the package exceljs, which is not installed.",
      remedy: "Run npm install exceljs, or write the rejects as csv.",
      cause,
    })
  })
  let part: PartFile | undefined
  try {
    part = await PartFile.create(path)
    const stream = part.stream()
    const book = new excel.stream.xlsx.WorkbookWriter({ stream, useStyles: true })
    // If the disk is full, the writer waits forever for its stream to end.
    const failed = new Promise<never>((_, reject) => stream.once("error", reject))
    failed.catch(() => undefined)
    const written = await Promise.race([
      fill(book.addWorksheet("Rejects", { views: [{ state: "frozen", xSplit: 1, ySplit: 1 }] }), rejects),
      failed,
    ])
    await Promise.race([book.commit(), failed])
    await part.publish(path)
    return written
  } catch (error) {
    await part?.discard().catch(() => undefined)
    throw error instanceof Error && "syscall" in error ? unwritable(path, error) : error
  }
}

async function fill(sheet: Worksheet, rejects: StoredRejects): Promise<number> {
  const names = await rejects.columns()
  const header = ["_reject", ...names, ...placeColumns]
  sheet.columns = header.map((name) => ({
    width: name === "_reasons" ? 60 : Math.min(40, Math.max(10, name.length + 2)),
    hidden: name === "_run",
    ...(names.includes(name) ? { style: { numFmt: "@" } } : {}),
  }))
  const first = sheet.addRow(header.map(escaped))
  first.font = { bold: true }
  header.forEach((name, at) => {
    if (!names.includes(name)) first.getCell(at + 1).fill = addedFill
  })
  first.commit()
  let written = 0
  for await (const reject of rejects) {
    if (++written > mostRows) throw tooLarge("The workbook", "rejects or more", written, mostRows)
    addReject(sheet, names, reject)
    if (written % rowsPerTurn === 0) await nextTurn()
  }
  sheet.autoFilter = { from: { row: 1, column: 1 }, to: { row: 1, column: header.length } }
  sheet.commit()
  return written
}

function addReject(sheet: Worksheet, names: readonly string[], reject: StoredReject): void {
  const { number, raw, origin, issues, delivery } = reject
  const row = sheet.addRow([number])
  names.forEach((name, at) => {
    const value = Object.hasOwn(raw, name) ? (raw[name] ?? null) : null
    if (typeof value === "string" && value.length > longestText)
      throw tooLarge(`The text in column "${shownText(name)}" of reject ${number}`, "characters", value.length, longestText)
    setCell(row.getCell(at + 2), value)
  })
  const reasons = issues.map(reasonText).join("; ")
  const place = [origin.row, origin.line, origin.address, escaped(reasons.slice(0, longestText)), delivery]
  place.forEach((value, at) => {
    if (value !== undefined) row.getCell(names.length + 2 + at).value = value
  })
  const notes = new Map<number, string[]>()
  for (const issue of issues) {
    const at = columnAt(names, issue.column)
    const column = at < 0 ? names.length + 2 + placeColumns.indexOf("_reasons") : at + 2
    notes.set(column, [
      ...(notes.get(column) ?? []),
      issue.suggestion === undefined ? issue.message : `${issue.message} (${issue.suggestion})`,
    ])
  }
  for (const [column, texts] of notes) {
    const cell = row.getCell(column)
    cell.fill = badFill
    cell.note = escaped(texts.join("\n"))
  }
  row.commit()
}

/** The column of the file that an issue names, by the exact name or by its normalized form. */
function columnAt(names: readonly string[], column: string | undefined): number {
  if (column === undefined) return -1
  const exact = names.indexOf(column)
  return exact >= 0 ? exact : names.findIndex((name) => headerKey(name) === headerKey(column))
}

function setCell(cell: Cell, value: CellValue): void {
  if (value === null) return
  if (typeof value === "string") cell.value = escaped(value)
  else if (value instanceof Date) setStyled(cell, value, value.getTime() % dayMs === 0 ? "yyyy-mm-dd" : "yyyy-mm-dd hh:mm:ss.000")
  else if (value instanceof TimeOfDay) setStyled(cell, value.ms / dayMs, "hh:mm:ss")
  else if (value instanceof Duration) setStyled(cell, value.ms / dayMs, "[h]:mm:ss")
  else if (value instanceof CellError) cell.value = escaped(value.error)
  else setStyled(cell, value, "General")
}

function setStyled(cell: Cell, value: Date | number | boolean, numFmt: string): void {
  cell.value = value
  cell.numFmt = numFmt
}

/** Escapes characters that XML cannot hold as the format does, and text that looks like such an escape. */
function escaped(text: string): string {
  return text
    .replace(/_(?=x[0-9A-Fa-f]{4}_)/g, "_x005F_")
    .replace(/[\0-\x08\x0b\x0c\r\x0e-\x1f\ufffe\uffff]|\p{Surrogate}/gu, (character) => {
      return `_x${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}_`
    })
}

function tooLarge(subject: string, unit: string, seen: number, limit: number): RowgateError {
  return limitExceeded({ subject, unit, seen, limit, remedy: "Export the rejects as csv or ndjson." })
}

function unwritable(path: string, cause: Error): RowgateError {
  return new RowgateError({
    code: "SINK_REFUSED",
    message: `The file ${path} cannot be written: ${cause.message}.`,
    remedy: "Check that the folder exists, is writable and has free space.",
    origin: { uri: path },
    cause,
  })
}
