import { limitExceeded } from "../../errors/limit-exceeded.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"
import type { TableNotice } from "../../model/table-facts.ts"
import { nameHeaders } from "../header/header-names.ts"
import type { HeaderFound } from "../header/header-row.ts"
import { alignHeader, columnsOf } from "./align-header.ts"
import { ColumnProof } from "./column-proof.ts"
import type { CsvSettings } from "./csv-options.ts"
import { type CsvShape, usualWidth } from "./csv-shape.ts"
import { detectDialect, type Fact, findLineEnd } from "./dialect/detect-dialect.ts"
import { type Dialect, textOfView } from "./dialect/dialect.ts"
import { type SampleRecord, type SampleStart, sampleRecords, skipLines } from "./dialect/sample-records.ts"
import { separatorLine } from "./dialect/separator-line.ts"
import { chooseHeader } from "./layout/choose-header.ts"
import { findTables } from "./layout/find-tables.ts"

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
  /** Where the table ends because another one follows; undefined if it ends with the text, or behind the sample. */
  readonly end: number | undefined
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

/** The records whose fields are analysed. If some of the first are irregular, more records tell which are the regular ones. */
const proofSample = 300
const irregularSample = 1000

/** Decides on the dialect, the header and the columns from the beginning of a text. */
export function planCsv(sample: PlanSample, settings: CsvSettings): CsvPlan {
  const { view, complete, uri } = sample
  const lines: Dialect = { ...noDialect, lineEnd: settings.declared.lineEnd ?? findLineEnd(view) }
  const top = skipLines(view, settings.skipLines, lines)
  const separator = separatorLine(view, top)
  const start = typeof settings.header === "number" ? skipLines(view, settings.header - 1, lines) : (separator?.start ?? top)
  const detected = detectDialect(view.slice(start.at), complete, { delimiter: separator?.delimiter, ...defined(settings.declared) })
  const { dialect } = detected
  const { columns: maxColumns, cellBytes } = settings.limits
  const bounds = { fields: maxColumns + 1, fieldLength: cellBytes + 1 }
  const few = sampleRecords(view, complete, dialect, start, { ...bounds, records: proofSample })
  const all =
    few.length < proofSample || few.every(({ fields, flaw }) => fields.length === detected.width && flaw === undefined)
      ? few
      : sampleRecords(view, complete, dialect, start, { ...bounds, records: irregularSample })
  if (typeof settings.header === "number") refuseNoHeader(all[0], start, settings.header, uri)
  refuseLarge(all, settings, uri)
  const ranges = settings.header === false ? [{ from: 0, to: all.length }] : findTables(all, view)
  const range = ranges[0] ?? { from: 0, to: all.length }
  const records = all.slice(typeof settings.header === "number" ? 0 : range.from, range.to)
  const usual = widthOf(records, detected.width)
  const columns = columnsOf(records, usual)
  const header = chooseHeader({ view, start: start.at, records, dialect, width: usual, columns }, settings)
  const first = records[header.dataRow]
  const below = records.slice(header.dataRow)
  const { names, width, notices } = nameColumns(header, below, usual, columns, settings)
  const body = below.filter(({ fields, flaw }) => fields.length === width && flaw === undefined)
  const proof = new ColumnProof(
    body.map(({ fields }) => fields),
    width,
  )
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
        ? { at: last?.next ?? view.length, line: (last?.line ?? 0) + 1, record: all.length + 1 }
        : { at: first.start, line: first.line, record: first.record },
    end: ranges[1] === undefined ? undefined : all[ranges[1].from]?.start,
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

/** Refuses a declared header on a blank line, behind the sample, or inside a record. */
function refuseNoHeader(first: SampleRecord | undefined, start: SampleStart, line: number, uri: string): void {
  if (first?.start === start.at && start.line === line) return
  throw new RowgateError({
    code: "HEADER_NOT_FOUND",
    message: `The option header says line ${line}, but no record begins there.`,
    remedy: "Correct the option header, or omit it to have the header detected.",
    origin: { uri, row: line },
  })
}

function nameColumns(
  header: HeaderFound,
  body: readonly SampleRecord[],
  width: number,
  columns: number,
  { names: declared, keepRagged }: CsvSettings,
) {
  const cells = header.cells.length === 0 ? undefined : header.cells
  const aligned = alignHeader({ header: cells, body, width, columns, keepsRecords: keepRagged || declared !== undefined })
  if (declared === undefined) {
    const { names, notices } = nameHeaders(aligned.cells)
    return { names, width: aligned.width, notices: cells === undefined ? [] : [...notices, ...aligned.notices] }
  }
  const length = Math.max(declared.length, aligned.cells.length)
  return { ...nameHeaders(Array.from({ length }, (_, at) => declared[at] ?? null)), width: aligned.width }
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
