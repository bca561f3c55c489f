import type { Sink } from "../contract/sink.ts"
import { checkArgument } from "../options/check-argument.ts"
import { checkOptions } from "../options/check-options.ts"
import type { OptionKind } from "../options/option-kind.ts"
import { kind, text } from "../options/option-kinds.ts"
import { type FileFormat, fileSink } from "./file-sink.ts"

/** Options of `csvFile`. */
export interface CsvFileOptions {
  /** The text between the fields of a row. Default: `","`. */
  readonly delimiter?: string | undefined
}

/**
 * Writes passing rows as csv (RFC 4180, UTF-8, line end CR LF) below a header with the column names. A null is an empty field, an empty text is
 * `""`, dates are ISO 8601, and any other value that is not a text, number or boolean is JSON. Values are written unchanged: for people who open
 * the file in a spreadsheet, use the correction workbook, in which nothing can be a formula. A row with half of a surrogate pair is refused
 * (`text.lone_surrogate`), because UTF-8 cannot express it.
 *
 * The file appears under its name at the end of the run, when it is complete. Only its owner can read it, and it replaces only a regular file of
 * the same user. Fails with `SINK_REFUSED` if it cannot be written.
 *
 * @example
 * ```ts run
 * import { readFile } from "node:fs/promises"
 * import { createPipeline, csvFile } from "rowgate"
 *
 * await createPipeline({ name: "towns" }).fromRows([{ id: 1, town: "Ulm" }]).into(csvFile("towns.csv", { delimiter: ";" })).run()
 * console.log((await readFile("towns.csv", "utf8")).split("\r\n")) // => [ 'id;town', '1;Ulm', '' ]
 * ```
 */
export function csvFile(path: string, options: CsvFileOptions = {}): Sink<unknown> {
  checkArgument("csvFile()", path, text("a path"))
  checkOptions("csvFile()", options, { delimiter: delimiterKind() })
  return fileSink(path, csvFormat(options))
}

/** Accepts a delimiter of fields. */
export function delimiterKind(): OptionKind<string> {
  return kind("a string without quotes and line ends", (value) => typeof value === "string" && value !== "" && !/["\r\n]/.test(value))
}

/** The csv format that `csvFile` writes. */
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
