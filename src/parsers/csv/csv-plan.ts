import { limitExceeded } from "../../errors/limit-exceeded.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"
import type { TableNotice } from "../../model/table-facts.ts"
import { expectedHeader } from "../header/expected-header.ts"
import { nameHeaders } from "../header/header-names.ts"
import type { HeaderFound } from "../header/header-row.ts"
import { findTables, type TableRange } from "../layout/find-tables.ts"
import type { SkippedPart } from "../layout/skipped-part.ts"
import { alignHeader, columnsOf } from "./align-header.ts"
import { ColumnProof } from "./column-proof.ts"
import type { CsvSettings } from "./csv-options.ts"
import { type CsvShape, usualWidth } from "./csv-shape.ts"
import { detectDialect, type Fact, findLineEnd } from "./dialect/detect-dialect.ts"
import { type Dialect, isAsciiView, textOfView } from "./dialect/dialect.ts"
import { fieldsAsText, type SampleRecord, type SampleStart, sampleRecords, skipLines } from "./dialect/sample-records.ts"
import { separatorLine } from "./dialect/separator-line.ts"
import { chooseHeader } from "./layout/choose-header.ts"
import { layoutNotices } from "./layout/layout-notices.ts"
import { commentLines, skippedLines } from "./layout/skipped-lines.ts"

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
  /** Where another table begins, which ends this one; undefined if that is not within the sample. */
  readonly end: { readonly at: number; readonly line: number; readonly record: number } | undefined
  /** How many lines above the table were skipped. */
  readonly skippedAbove: number
  /** The header's fields, to recognise them among the rows; undefined if there is none or if it spans several records. */
  readonly header: readonly string[] | undefined
  readonly proof: ColumnProof
  /** Whether quotes enclose fields of the sample, or are declared to. */
  readonly hasQuotedFields: boolean
}

/** The part of a text that the plan is based on. */
export interface PlanSample {
  /** Latin-1 view of the text's UTF-8. */
  readonly view: string
  /** Whether it is the whole text. */
  readonly complete: boolean
  readonly uri: string
  /** The keys of headers that the pipeline expects. Default: none. */
  readonly headers?: ReadonlySet<string> | undefined
  /** Where the sample begins. Default: with the text. */
  readonly from?: { readonly at: number; readonly line: number; readonly record: number } | undefined
}

/** The records whose fields are analysed. If some of the first are irregular, more records tell which are the regular ones. */
const proofSample = 300
const irregularSample = 1000

/** Decides on the dialect, the header and the columns from the beginning of a text. */
export function planCsv(sample: PlanSample, settings: CsvSettings): CsvPlan {
  const { view, complete, uri, headers, from = { at: 0, line: 1, record: 1 } } = sample
  const counts = settings.skipLines > 0 || typeof settings.header === "number"
  const lines: Dialect = { ...noDialect, lineEnd: settings.declared.lineEnd ?? (counts ? findLineEnd(view) : "\n") }
  const top = skipLines(view, from.at === 0 ? settings.skipLines : 0, lines)
  const separator = separatorLine(view, top)
  const declared = typeof settings.header === "number" && from.at === 0 ? settings.header : undefined
  const start = declared === undefined ? (separator?.start ?? top) : skipLines(view, declared - 1, lines)
  const detected = detectDialect(
    view.slice(start.at),
    complete,
    { delimiter: separator?.delimiter, ...defined(settings.declared) },
    headers,
  )
  const { dialect } = detected
  const all = recordsOf(sample, dialect, start, detected.width, settings)
  if (declared !== undefined) refuseNoHeader(all[0], start, declared, uri)
  refuseLarge(all, settings, uri)
  const [range, next] = rangesOf(all, view, settings, declared !== undefined, headers)
  const records = all.slice(range.from, range.to)
  const usual = widthOf(records, detected.width)
  const columns = columnsOf(records, usual)
  const header = chooseHeader({ view, start: start.at, records, dialect, width: usual, columns, declared, headers }, settings)
  const first = records[header.dataRow]
  const below = records.slice(header.dataRow)
  const { names, width, notices } = nameColumns(header, below, usual, columns, dialect, settings)
  const body = below.filter(({ fields, flaw }) => fields.length === width && flaw === undefined)
  const proof = new ColumnProof(
    body.map(({ fields }) => fields),
    width,
  )
  const headerRecord = header.span === 1 && header.row !== undefined ? records[header.row] : undefined
  const repeats = headerRecord === undefined ? [] : below.filter(({ fields }) => isSame(fields, headerRecord.fields))
  const head = records[header.row ?? header.dataRow]
  const above = head === undefined ? undefined : skippedAbove(view, separator?.start ?? top, head.start, dialect)
  const comments =
    dialect.comment === undefined || settings.declared.comment !== undefined
      ? undefined
      : commentLines(view.slice(start.at), start.line, dialect.lineEnd, dialect.comment)
  const last = records.at(-1)
  const begin =
    first === undefined
      ? { at: last?.next ?? view.length, line: (last?.line ?? 0) + 1, record: all.length + 1 }
      : { at: first.start, line: first.line, record: first.record }
  const moved = (part: SkippedPart): SkippedPart => ({ ...part, at: part.at + from.line - 1 })
  const end = next === undefined ? undefined : all[next.from]
  return {
    dialect,
    width,
    names,
    notices: [
      ...notices,
      ...layoutNotices({
        view,
        complete,
        records,
        dialect,
        settings,
        above: above === undefined ? undefined : moved(above),
        comments: comments === undefined ? undefined : moved(comments),
        first: first === undefined || header.cells.length > 0 ? undefined : first,
        repeats,
        lines: from.line - 1,
      }),
    ],
    skippedAbove: above?.count ?? 0,
    facts: {
      ...detected.facts,
      ...(separator !== undefined && settings.declared.delimiter === undefined ? separatorFact(separator.delimiter) : {}),
      ...headerFacts(header, settings, head === undefined ? undefined : head.line + from.line - 1, above?.count ?? 0, width - names.length),
      ...decimalFact(proof, body, dialect),
    },
    start: { at: begin.at + from.at, line: begin.line + from.line - 1, record: begin.record + from.record - 1 },
    end: end === undefined ? undefined : { at: end.start + from.at, line: end.line + from.line - 1, record: end.record + from.record - 1 },
    header: headerRecord?.fields,
    proof,
    hasQuotedFields: detected.enclosed > 0 || typeof settings.declared.quote === "string",
  }
}

/** The records of the sample whose fields are analysed. */
function recordsOf(
  { view, complete }: PlanSample,
  dialect: Dialect,
  start: SampleStart,
  width: number,
  { limits }: CsvSettings,
): readonly SampleRecord[] {
  const bounds = { fields: limits.columns + 1, fieldLength: limits.cellBytes + 1 }
  const few = sampleRecords(view, complete, dialect, start, { ...bounds, records: proofSample })
  return few.length < proofSample || few.every(({ fields, flaw }) => fields.length === width && flaw === undefined)
    ? few
    : sampleRecords(view, complete, dialect, start, { ...bounds, records: irregularSample })
}

/** The records of the first table, and those of the next one. */
function rangesOf(
  records: readonly SampleRecord[],
  view: string,
  settings: CsvSettings,
  isDeclared: boolean,
  headers: ReadonlySet<string> | undefined,
): readonly [TableRange, TableRange | undefined] {
  const whole = { from: 0, to: records.length }
  if (settings.header === false) return [whole, undefined]
  // To look at the whole sample once takes less time than to look at each field.
  const cellsOf = isAsciiView(view) ? ({ fields }: SampleRecord) => fields : fieldsAsText
  const ranges = findTables(
    records.map((record, at) => ({ cells: cellsOf(record), apart: at > 0 && isApart(record, records[at - 1] as SampleRecord, view) })),
  )
  // The table with the expected names is chosen only where one is.
  const isChosen = headers !== undefined && !isDeclared && !settings.allTables
  const expected = !isChosen ? undefined : expectedHeader(records.map(cellsOf), headers)
  const at =
    expected === undefined
      ? 0
      : Math.max(
          0,
          ranges.findIndex(({ from, to }) => expected >= from && expected < to),
        )
  const [first = whole, next] = ranges.slice(at)
  return [
    isDeclared ? { from: 0, to: first.from === 0 ? first.to : records.length } : first,
    isDeclared && first.from > 0 ? undefined : next,
  ]
}

function isApart(record: SampleRecord, above: SampleRecord, view: string): boolean {
  return record.start > above.next && /^(?:\r\n|\n|\r(?!\n))\s*[\r\n]/.test(view.slice(above.end, record.start))
}

/** The lines between two positions that are not comments. */
function skippedAbove(view: string, from: SampleStart, to: number, { comment, lineEnd }: Dialect): SkippedPart | undefined {
  return skippedLines(view.slice(from.at, to), from.line, lineEnd, comment)
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

function isSame(fields: readonly string[], others: readonly string[]): boolean {
  return fields.length === others.length && fields.every((field, at) => field === others[at])
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
  { delimiter }: Dialect,
  { names: declared, keepRagged }: CsvSettings,
) {
  const cells = header.cells.length === 0 ? undefined : header.cells
  const aligned = alignHeader({
    header: cells,
    body,
    width,
    columns,
    hasCommas: delimiter === ",",
    keepsRecords: keepRagged || declared !== undefined,
  })
  if (declared === undefined) {
    const { names, notices } = nameHeaders(aligned.cells)
    return { names, width: aligned.width, notices: cells === undefined ? [] : [...notices, ...aligned.notices] }
  }
  const length = Math.max(declared.length, aligned.cells.length)
  return { ...nameHeaders(Array.from({ length }, (_, at) => declared[at] ?? null)), width: aligned.width }
}

function headerFacts(
  header: HeaderFound,
  settings: CsvSettings,
  row: number | undefined,
  above: number,
  trailing: number,
): { [fact: string]: Fact } {
  const line = header.row === undefined ? null : (row ?? null)
  const facts: { [fact: string]: Fact } = {
    header: { value: line, confidence: header.confidence, evidence: header.evidence.join("; ") },
    headerRows: {
      value: header.span,
      confidence: header.confidence,
      evidence: settings.headerRows === undefined ? header.evidence.join("; ") : "declared",
    },
    preamble: { value: above, confidence: header.confidence, evidence: "lines above the table" },
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
