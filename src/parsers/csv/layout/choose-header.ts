import { apparentKind } from "../../header/apparent-kind.ts"
import { expectedHeader } from "../../header/expected-header.ts"
import { findHeader, type HeaderFound } from "../../header/header-row.ts"
import { joinHeader } from "../../header/join-header.ts"
import { withinColumns } from "../align-header.ts"
import type { CsvSettings } from "../csv-options.ts"
import { commonDelimiters, type Dialect, textOfView } from "../dialect/dialect.ts"
import { fieldsAsText, type SampleRecord } from "../dialect/sample-records.ts"
import { splitRecord } from "../scan/split-record.ts"
import { haveDecimalCommas } from "./decimal-commas.ts"

const headerSample = 200

/** The table whose header is wanted. */
export interface HeaderSearch {
  readonly view: string
  /** Where its first record or a comment above it begins. */
  readonly start: number
  readonly records: readonly SampleRecord[]
  readonly dialect: Dialect
  /** How many fields most records have, and how many of them are columns. */
  readonly width: number
  readonly columns: number
  /** The line on which the option says that the header begins, which is then the first record. */
  readonly declared: number | undefined
  /** The keys of the headers that the pipeline expects. */
  readonly headers: ReadonlySet<string> | undefined
}

/** Finds the header of a table: where it is declared to be, by its cells, as a comment, or with a delimiter of its own. */
export function chooseHeader(
  { view, start, records, dialect, width, columns, declared, headers }: HeaderSearch,
  settings: CsvSettings,
): HeaderFound {
  const found = headerRow(records, columns, declared, headers, settings)
  const above = view.slice(start, records[found.dataRow]?.start)
  return (
    commentedHeader(above, found, records, dialect, { width, columns }, settings) ??
    foreignHeader(view, records, found, dialect, columns, settings) ??
    narrowHeader(records, found, dialect, width, settings) ??
    found
  )
}

function headerRow(
  records: readonly SampleRecord[],
  columns: number,
  declared: number | undefined,
  headers: ReadonlySet<string> | undefined,
  { header, headerRows }: CsvSettings,
): HeaderFound {
  const rows = records.slice(0, headerSample).map((record) => withinColumns(fieldsAsText(record), columns))
  if (declared !== undefined) return declaredHeader(rows, 0, headerRows ?? 1, "declared")
  const found = findHeader(rows, { width: columns, expected: headers })
  const expected = headers === undefined || header === false ? undefined : expectedHeader(rows, headers)
  // A header of several rows may have the expected names in its last one.
  if (expected !== undefined && (found.row === undefined || expected < found.row || expected >= found.row + found.span))
    return declaredHeader(rows, expected, headerRows ?? 1, "it has names that the pipeline expects")
  const top = found.row ?? found.dataRow
  if (header === false) return { row: undefined, span: 0, dataRow: top, cells: [], confidence: 1, evidence: ["declared to have none"] }
  if (headerRows !== undefined && (header === true || found.row !== undefined)) return declaredHeader(rows, top, headerRows, "declared")
  if (header === true && found.row === undefined) return declaredHeader(rows, top, 1, "declared to have one")
  // Below the header, rows of only delimiters count as rows.
  const whole = found.row === undefined ? found : { ...found, dataRow: found.row + found.span }
  return header === true ? { ...whole, confidence: 1, evidence: ["declared to have one", ...found.evidence] } : whole
}

/** Finds a header that is written as a comment, as numerical programs do: the last comment above the rows, if it has a name for each field. */
function commentedHeader(
  above: string,
  found: HeaderFound,
  records: readonly SampleRecord[],
  dialect: Dialect,
  { width, columns }: { readonly width: number; readonly columns: number },
  settings: CsvSettings,
): HeaderFound | undefined {
  const { comment } = dialect
  if (comment === undefined || settings.header !== undefined) return undefined
  // A header of another width than the rows may be a line above the comment.
  if (found.row !== undefined && records[found.row]?.fields.length === width) return undefined
  const line = above.split(/[\r\n]+/).findLast((one) => one !== "")
  if (line?.startsWith(comment) !== true) return undefined
  const fields = splitRecord(line.slice(comment.length).trim(), 0, dialect).fields.map(textOfView)
  // The mark may stand before each name, and a delimiter behind the last one.
  const isEach = fields.slice(1, columns).every((field) => field.startsWith(comment))
  const cells = fields.slice(0, columns).map((field, at) => (isEach && at > 0 ? field.slice(comment.length) : field))
  if (fields.length !== width || cells.some((cell) => apparentKind(cell) !== "text")) return undefined
  if (fields.slice(columns).some((field) => field.trim() !== "")) return undefined
  return {
    row: undefined,
    span: 0,
    dataRow: found.dataRow,
    cells,
    confidence: 0.8,
    evidence: ["the last comment above the rows has a name for each field"],
  }
}

/**
 * Finds a header with a different delimiter than the values below it, which happens when a header is added by hand. It is the line right above
 * the table, if another delimiter splits it into one name for each column.
 */
function foreignHeader(
  view: string,
  records: readonly SampleRecord[],
  found: HeaderFound,
  dialect: Dialect,
  columns: number,
  settings: CsvSettings,
): HeaderFound | undefined {
  const row = (found.row ?? found.dataRow) - 1
  const record = records[row]
  // Two words with a delimiter between them may be a title.
  if (record === undefined || record.fields.length !== 1 || columns < (found.row === undefined ? 2 : 3)) return undefined
  if (settings.header !== undefined || settings.headerRows !== undefined || settings.declared.delimiter !== undefined) return undefined
  const line = view.slice(record.start, record.end)
  for (const delimiter of commonDelimiters.filter((one) => one !== dialect.delimiter && line.includes(one))) {
    const cells = splitRecord(line, 0, { ...dialect, delimiter }).fields.map((field) => textOfView(field).trim())
    if (cells.length !== columns || new Set(cells).size < columns || cells.some((cell) => apparentKind(cell) !== "text")) continue
    const evidence = [`row ${row + 1} has a name for each column, with ${delimiter === "\t" ? "tabs" : `"${delimiter}"`} between them`]
    return { row, span: 1, dataRow: row + 1, cells, confidence: 0.8, evidence }
  }
  return undefined
}

/** Finds a header that is narrower than the records because their decimal commas separate fields. */
function narrowHeader(
  records: readonly SampleRecord[],
  found: HeaderFound,
  { delimiter }: Dialect,
  width: number,
  { header }: CsvSettings,
): HeaderFound | undefined {
  const row = found.dataRow - 1
  const record = records[row]
  if (found.row !== undefined || record === undefined || delimiter !== "," || header !== undefined) return undefined
  const cells = fieldsAsText(record)
  const areNames = cells.every((cell) => apparentKind(cell) === "text") && new Set(cells).size === cells.length
  if (!areNames || !haveDecimalCommas(records.slice(found.dataRow), cells.length, width)) return undefined
  return {
    row,
    span: 1,
    dataRow: found.dataRow,
    cells,
    confidence: 0.7,
    evidence: [`row ${row + 1} has a name for each pair of numbers below it`],
  }
}

function declaredHeader(rows: readonly (readonly string[])[], row: number, span: number, evidence: string): HeaderFound {
  const cells = joinHeader(rows.slice(row, row + span))
  return { row, span, dataRow: Math.min(row + span, rows.length), cells, confidence: 1, evidence: [evidence] }
}
