import { limitExceeded } from "../../errors/limit-exceeded.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"
import type { TableNotice } from "../../model/table-facts.ts"
import { apparentKind } from "../header/apparent-kind.ts"
import { nameHeaders } from "../header/header-names.ts"
import { findHeader, type HeaderFound } from "../header/header-row.ts"
import { joinHeader } from "../header/join-header.ts"
import { alignHeader, columnsOf, withinColumns } from "./align-header.ts"
import { ColumnProof } from "./column-proof.ts"
import type { CsvSettings } from "./csv-options.ts"
import { type CsvShape, usualWidth } from "./csv-shape.ts"
import { detectDialect, type Fact } from "./dialect/detect-dialect.ts"
import { commonDelimiters, type Dialect, textOfView } from "./dialect/dialect.ts"
import { fieldsAsText, type SampleRecord, sampleRecords, skipLines } from "./dialect/sample-records.ts"
import { separatorLine } from "./dialect/separator-line.ts"
import { splitRecord } from "./scan/split-record.ts"

/** How to read a file, decided before the first row. */
export interface CsvPlan {
  readonly dialect: Dialect
  /** How many fields a regular record has. */
  readonly width: number
  /** One name for each column. There are fewer columns than fields if delimiters trail, and more if the header has more names. */
  readonly names: readonly string[]
  readonly notices: readonly TableNotice[]
  readonly facts: { readonly [fact: string]: Fact }
  /** Position, line and record number of the first row's record. */
  readonly start: { readonly at: number; readonly line: number; readonly record: number }
  /** The header's record as it is in the text, to recognise it among the rows; undefined if there is none or if it spans several records. */
  readonly header: string | undefined
  readonly proof: ColumnProof
}

/** The part of a text that the plan is based on. */
export interface PlanSample {
  /** Latin-1 view of the text's UTF-8. */
  readonly view: string
  /** Whether it is the whole text. */
  readonly complete: boolean
  readonly uri: string
}

const headerSample = 200
/** The records whose fields are analysed. If some of the first are irregular, more records tell which are the regular ones. */
const proofSample = 300
const irregularSample = 1000

/** Decides on the dialect, the header and the columns from the beginning of a text. */
export function planCsv(sample: PlanSample, settings: CsvSettings): CsvPlan {
  const { view, complete, uri } = sample
  const top = skipLines(view, settings.skipLines, { ...noDialect, lineEnd: settings.declared.lineEnd ?? "\n" })
  const separator = separatorLine(view, top)
  const { start = top } = separator ?? {}
  const detected = detectDialect(view.slice(start.at), complete, { delimiter: separator?.delimiter, ...defined(settings.declared) })
  const { dialect } = detected
  const { columns: maxColumns, cellBytes } = settings.limits
  const bounds = { fields: maxColumns + 1, fieldLength: cellBytes + 1 }
  const few = sampleRecords(view, complete, dialect, start, { ...bounds, records: proofSample })
  const records =
    few.length < proofSample || few.every(({ fields, flaw }) => fields.length === detected.width && flaw === undefined)
      ? few
      : sampleRecords(view, complete, dialect, start, { ...bounds, records: irregularSample })
  refuseLarge(records, settings, uri)
  const width = widthOf(records, detected.width)
  const columns = columnsOf(records, width)
  const found = chooseHeader(records, columns, settings, uri)
  const first = records[found.dataRow]
  const header =
    commentedHeader(view.slice(start.at, first?.start), found, dialect, width, settings) ??
    foreignHeader(view, records, found, dialect, columns, settings) ??
    found
  const body = records.slice(header.dataRow).filter(({ fields, flaw }) => fields.length === width && flaw === undefined)
  const proof = new ColumnProof(
    body.map(({ fields }) => fields),
    width,
  )
  const { names, notices } = nameColumns(header, body, columns, settings)
  const headerRecord = header.span === 1 && header.row !== undefined ? records[header.row] : undefined
  const last = records.at(-1)
  return {
    dialect,
    width,
    names,
    notices: [...notices, ...noticesOf(header, records)],
    facts: {
      ...detected.facts,
      ...(separator !== undefined && settings.declared.delimiter === undefined ? separatorFact(separator.delimiter) : {}),
      ...headerFacts(header, settings, records, width - names.length),
      ...decimalFact(proof, body, dialect),
    },
    start:
      first === undefined
        ? { at: last?.next ?? view.length, line: (last?.line ?? 0) + 1, record: records.length + 1 }
        : { at: first.start, line: first.line, record: first.record },
    header: headerRecord === undefined ? undefined : view.slice(headerRecord.start, headerRecord.end),
    proof,
  }
}

const noDialect: Dialect = {
  delimiter: undefined,
  quote: undefined,
  escape: undefined,
  lineEnd: "\n",
  comment: undefined,
  padded: false,
  collapsed: false,
}

/** Only the options that are set. */
function defined<O extends object>(options: O): Partial<O> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Partial<O>
}

function separatorFact(delimiter: string): { [fact: string]: Fact } {
  return { delimiter: { value: textOfView(delimiter), confidence: 1, evidence: `the first line says sep=${textOfView(delimiter)}` } }
}

/** The width that most records have. The detector sees only the first part of the sample; if that is all preamble, the rest decides. */
function widthOf(records: readonly SampleRecord[], detected: number): number {
  const counts = new Map<number, number>()
  for (const { fields } of records) counts.set(fields.length, (counts.get(fields.length) ?? 0) + 1)
  return usualWidth(counts, detected)
}

/** The plan of a file whose later records have more columns, or a different width, than the sample. The header and the rows below it stay. */
export function reshaped(plan: CsvPlan, { width, columns }: CsvShape): CsvPlan {
  const unnamed = new Array<null>(Math.max(0, columns - plan.names.length)).fill(null)
  const { names, notices } = nameHeaders([...plan.names, ...unnamed])
  const { trailingDelimiter, ...facts } = plan.facts
  const isTrailing = trailingDelimiter !== undefined && names.length < width
  return {
    ...plan,
    width,
    names,
    notices: [...plan.notices, ...(plan.facts["header"]?.value === null ? [] : notices)],
    facts: isTrailing ? plan.facts : facts,
  }
}

function chooseHeader(records: readonly SampleRecord[], columns: number, settings: CsvSettings, uri: string): HeaderFound {
  const rows = records.slice(0, headerSample).map((record) => withinColumns(fieldsAsText(record), columns))
  const { header, headerRows } = settings
  if (typeof header === "number") return declaredHeader(rows, atLine(records, header, uri), headerRows ?? 1, "declared")
  const found = findHeader(rows, { width: columns })
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
  dialect: Dialect,
  width: number,
  settings: CsvSettings,
): HeaderFound | undefined {
  const { comment } = dialect
  if (comment === undefined || found.row !== undefined || settings.header !== undefined) return undefined
  const line = above.split(/[\r\n]+/).findLast((one) => one !== "")
  if (line?.startsWith(comment) !== true) return undefined
  const cells = splitRecord(line.slice(comment.length).trim(), 0, dialect).fields.map(textOfView)
  if (cells.length !== width || cells.some((cell) => apparentKind(cell) !== "text")) return undefined
  return { ...found, cells, confidence: 0.8, evidence: ["the last comment above the rows has a name for each field"] }
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

function declaredHeader(rows: readonly (readonly string[])[], row: number, span: number, evidence: string): HeaderFound {
  const cells = joinHeader(rows.slice(row, row + span))
  return { row, span, dataRow: Math.min(row + span, rows.length), cells, confidence: 1, evidence: [evidence] }
}

function atLine(records: readonly SampleRecord[], line: number, uri: string): number {
  const at = records.findIndex((record) => record.line === line)
  if (at >= 0 && at < headerSample) return at
  throw new RowgateError({
    code: "HEADER_NOT_FOUND",
    message: `The option header says line ${line}, but no record begins there.`,
    remedy: "Correct the option header, or omit it to have the header detected.",
    origin: { uri, row: line },
  })
}

function nameColumns(header: HeaderFound, body: readonly SampleRecord[], columns: number, { names: declared }: CsvSettings) {
  const aligned = alignHeader(header.cells.length === 0 ? undefined : header.cells, body, columns)
  if (declared === undefined) {
    const { names, notices } = nameHeaders(aligned.cells)
    return { names, notices: header.cells.length === 0 ? [] : [...notices, ...aligned.notices] }
  }
  return nameHeaders(Array.from({ length: Math.max(declared.length, aligned.cells.length) }, (_, at) => declared[at] ?? null))
}

function noticesOf(header: HeaderFound, records: readonly SampleRecord[]): TableNotice[] {
  const top = header.row ?? header.dataRow
  if (top === 0) return []
  const first = records[top]
  return [
    {
      code: "csv.preamble",
      message: `${top} ${top === 1 ? "record" : "records"} above the table ${top === 1 ? "was" : "were"} skipped.`,
      ...(first === undefined ? {} : { row: first.line }),
    },
  ]
}

function headerFacts(
  header: HeaderFound,
  settings: CsvSettings,
  records: readonly SampleRecord[],
  trailing: number,
): { [fact: string]: Fact } {
  const line = header.row === undefined ? null : (records[header.row]?.line ?? null)
  const facts: { [fact: string]: Fact } = {
    header: { value: line, confidence: header.confidence, evidence: header.evidence.join("; ") },
    headerRows: {
      value: header.span,
      confidence: header.confidence,
      evidence: settings.headerRows === undefined ? header.evidence.join("; ") : "declared",
    },
    preamble: { value: header.row ?? header.dataRow, confidence: header.confidence, evidence: "records above the table" },
  }
  if (trailing > 0) {
    const fields = trailing === 1 ? "the last field has no name and is" : `the last ${trailing} fields have no names and are`
    facts["trailingDelimiter"] = { value: true, confidence: 0.95, evidence: `${fields} empty in the whole sample` }
  }
  return facts
}

/** Detects whether decimals use a comma. This is only a hint for whoever reads the numbers; csv leaves them as text. */
function decimalFact(proof: ColumnProof, body: readonly SampleRecord[], dialect: Dialect): { decimal?: Fact } {
  if (dialect.delimiter === ",") return {}
  let commas = 0
  let points = 0
  for (const column of proof.columnsOf("number")) {
    for (const { fields } of body) {
      const field = fields[column] ?? ""
      if (/^-?\d{1,3}(?:\.\d{3})*,\d+$/.test(field) && !/^-?\d{1,3},\d{3}$/.test(field)) commas++
      else if (/^-?\d{1,3}(?:,\d{3})*\.\d+$/.test(field) && !/^-?\d{1,3}\.\d{3}$/.test(field)) points++
    }
  }
  if (commas + points === 0) return {}
  const value = commas > points ? "," : "."
  const share = Math.max(commas, points) / (commas + points)
  return {
    decimal: {
      value,
      confidence: Math.round(share * 100) / 100,
      evidence: `${Math.max(commas, points)} of ${commas + points} numbers with decimals`,
    },
  }
}

function refuseLarge(records: readonly SampleRecord[], { limits }: CsvSettings, uri: string): void {
  for (const { count, fields, line } of records) {
    const subject = `The record on line ${line}`
    const origin = { uri, row: line }
    if (count > limits.columns)
      throw limitExceeded({ subject, unit: "fields", seen: count, limit: limits.columns, option: "limits.columns", origin })
    const longest = fields.reduce((most, field) => Math.max(most, field.length), 0)
    if (longest > limits.cellBytes)
      throw limitExceeded({
        subject,
        unit: "bytes or more in a field",
        seen: longest,
        limit: limits.cellBytes,
        option: "limits.cellBytes",
        origin,
      })
  }
}
