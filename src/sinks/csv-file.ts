import type { Sink } from "../contract/sink.ts"
import { type FileFormat, fileSink } from "./file-sink.ts"

/** Options of `csvFile`. */
export interface CsvFileOptions {
  /** Between the fields of a row; default `","`. */
  readonly delimiter?: string | undefined
}

/**
 * Writes passing rows as csv (RFC 4180, UTF-8, lines end in CRLF) below a header of their column names. A null is an empty field and an
 * empty text is `""`, dates are ISO 8601, and whatever is neither text, number nor boolean is JSON. Values are written as they are: for
 * people who open the file in a spreadsheet, use the correction workbook, where nothing can be a formula. A row with half of a surrogate
 * pair is refused (`text.lone_surrogate`), since UTF-8 cannot express it.
 * The file takes its name at the end of the run, whole, readable by its owner alone; it replaces only a regular file of this user. Throws `SINK_REFUSED` where it cannot be written.
 */
export function csvFile(path: string, options: CsvFileOptions = {}): Sink<unknown> {
  return fileSink(path, csvFormat(options))
}

/** Rows as csv, as `csvFile` writes them. */
export function csvFormat({ delimiter = "," }: CsvFileOptions): FileFormat {
  return {
    name: "csv",
    header: ({ names }) => `${names.map((name) => quoted(name, delimiter)).join(delimiter)}\r\n`,
    row: ({ shape }, row) => `${shape.columns.map((column) => field(column.at(row), delimiter)).join(delimiter)}\r\n`,
  }
}

function field(value: unknown, delimiter: string): string {
  if (value === null || value === undefined) return ""
  if (typeof value === "string") return quoted(value, delimiter)
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint") return String(value)
  if (value instanceof Date) return dateText(value)
  const json: unknown = JSON.parse(JSON.stringify(value))
  return quoted(typeof json === "string" ? json : JSON.stringify(json), delimiter)
}

function dateText(date: Date): string {
  if (Number.isNaN(date.getTime())) return ""
  const text = date.toISOString()
  return text.endsWith("T00:00:00.000Z") ? text.slice(0, -14) : text
}

function quoted(text: string, delimiter: string): string {
  const plain = text !== "" && !/["\r\n]|^\s|\s$/.test(text) && !text.includes(delimiter)
  return plain ? text : `"${text.replaceAll('"', '""')}"`
}
