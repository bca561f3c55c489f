import { apparentKind } from "../../header/apparent-kind.ts"
import { type SplitRecord, splitRecord } from "../scan/split-record.ts"
import { commonDelimiters, type Dialect, textOfView } from "./dialect.ts"

/** How well a dialect explains a sample. */
export interface DialectScore {
  readonly dialect: Dialect
  /** From 0 to 1. */
  readonly score: number
  /** How many fields most records have. */
  readonly width: number
  /** The share of records with that many fields. */
  readonly consistency: number
  /** How much the fields look like values, from 0 to 1. */
  readonly plausibility: number
  /** The share of fields that are quoted, or are numbers, dates or booleans; without the first record. */
  readonly values: number
  /** How many records have misplaced quotes. */
  readonly flawed: number
  /** How many records have quoted fields and no misplaced quote. */
  readonly enclosed: number
  readonly records: number
}

const maxRecords = 300
/** How many rows are judged by their cells. The widths of all records count. */
const maxTypedRows = 60
const maxTypedColumns = 200

/**
 * Splits the sample by a dialect and scores the result: records should have the same number of fields, and fields should look like values.
 *
 * A wrong delimiter cuts records into different numbers of fields, or into fields that still contain the right delimiter. A wrong quote leaves
 * quotes at the ends of fields. `regular`: characters that appear equally often in every line, so fields are unlikely to contain them.
 */
export function scoreDialect(view: string, complete: boolean, dialect: Dialect, regular: string): DialectScore {
  const records = splitSample(view, complete, dialect)
  const width = usualWidth(records)
  const first = records.findIndex((record) => record.fields.length === width)
  const usual = records.filter((record) => record.fields.length === width)
  const flawed = records.filter(({ flaw }) => flaw !== undefined).length
  const enclosed = records.filter(({ flaw, quoted }) => flaw === undefined && quoted.includes(true)).length
  if (usual.length === 0) return { dialect, score: 0, width: 0, consistency: 0, plausibility: 0, values: 0, flawed, enclosed, records: 0 }
  // Lines above the table are not rows, but a dialect that produces many of them explains less.
  const share = usual.length / records.length
  const consistency = usual.length * 2 >= Math.max(first, 4) ? 0.3 * share + 0.7 * (usual.length / (records.length - first)) : share
  const { plausibility, values } = judgeFields(usual, dialect, regular)
  const clean = 1 - flawed / records.length
  // A single column needs no delimiter. If it holds values that no delimiter splits, it is as good as a table.
  const gain = width > 1 ? 1 - 0.3 / width : dialect.delimiter !== undefined ? 0.2 : values > 0.9 ? 0.97 : 0.5
  return {
    dialect,
    score: consistency ** 1.5 * plausibility * clean * gain,
    width,
    consistency,
    plausibility,
    values,
    flawed,
    enclosed,
    records: records.length,
  }
}

function splitSample(view: string, complete: boolean, dialect: Dialect): SplitRecord[] {
  const records: SplitRecord[] = []
  for (let at = 0; at < view.length && records.length < maxRecords; ) {
    const record = splitRecord(view, at, dialect)
    if (record.next >= view.length && !complete && records.length > 0) break
    at = record.next
    if (!isBlank(record)) records.push(record)
  }
  return records
}

function isBlank({ fields, quoted }: SplitRecord): boolean {
  return fields.length === 1 && fields[0]?.trim() === "" && quoted[0] !== true
}

/** The number of fields that most records have. Of two about equally common numbers, the greater. */
function usualWidth(records: readonly SplitRecord[]): number {
  const counts = new Map<number, number>()
  for (const { fields } of records) counts.set(fields.length, (counts.get(fields.length) ?? 0) + 1)
  let best = 0
  let most = 0
  for (const [width, count] of [...counts].sort(([a], [b]) => a - b)) {
    if (count >= most * (width > 1 && best === 1 ? 0.5 : 1)) {
      best = width
      most = count
    }
  }
  return best
}

function judgeFields(records: readonly SplitRecord[], dialect: Dialect, regular: string): { plausibility: number; values: number } {
  const step = Math.max(1, Math.floor(records.length / maxTypedRows))
  let sum = 0
  let cells = 0
  let values = 0
  let below = 0
  for (let at = 0; at < records.length; at += step) {
    const { fields, quoted } = records[at] ?? { fields: [], quoted: [] }
    const torn = dialect.quote === undefined && isTorn(fields)
    for (let j = 0; j < fields.length && j < maxTypedColumns; j++) {
      const plausibility = torn ? tornField : plausibilityOfField(fields[j] ?? "", quoted[j] === true, dialect, regular)
      sum += plausibility
      cells++
      if (at === 0) continue
      below++
      if (plausibility >= quotedText) values++
    }
  }
  return { plausibility: cells === 0 ? 0 : sum / cells, values: below === 0 ? 0 : values / below }
}

const quotedText = 0.95
const tornField = 0.05

/** Whether a quote opens in one field and closes in a later one, so that the quotes enclose a delimiter. */
function isTorn(fields: readonly string[]): boolean {
  const isOdd = (field: string) => field.split('"').length % 2 === 0
  const opened = fields.findIndex((field) => field.startsWith('"') && isOdd(field))
  return opened >= 0 && fields.some((field, at) => at > opened && field.endsWith('"') && isOdd(field))
}

function plausibilityOfField(field: string, quoted: boolean, dialect: Dialect, regular: string): number {
  const kind = apparentKind(field.length > 60 ? field : textOfView(field))
  if (kind === "empty") return quoted ? 0.9 : 0.6
  // "12,5" and "01:00:00,2" may be one value, or two values that this dialect does not split.
  const uncut =
    (kind === "number" || kind === "date") && dialect.delimiter === undefined && [...regular].some((other) => field.includes(other))
  if (kind !== "text" && !uncut) return 1
  if (quoted) return quotedText
  const first = field.charAt(0)
  const last = field.charAt(field.length - 1)
  const isLiteral = dialect.quote === undefined
  if (!isLiteral && (first === '"' || last === '"' || (first === last && (first === "'" || first === "`")))) return tornField
  if (field.includes("\n") || field.includes("\r")) return 0.2
  // The field is only a delimiter, or its quote is closed by another field: the record is split in the wrong places.
  if (field.length === 1 && commonDelimiters.includes(field)) return 0.05
  if (!isLiteral && (/\s"[^"\s][^"]*$/.test(field) || /\s'[^'\s][^']*$/.test(field))) return 0.3
  if (!isLiteral && (last === "'" || last === "`") && field.includes(` ${last}`)) return 0.3
  for (const other of regular) if (other !== dialect.delimiter && field.includes(other)) return 0.3
  for (const other of commonDelimiters) if (other !== dialect.delimiter && field.includes(other)) return other === "," ? 0.5 : 0.3
  // More than one colon, or a date among words, suggests several fields in one.
  if (/:[^:/]*:/.test(field) || / \d{4}-\d\d-\d\d /.test(field)) return 0.4
  return 0.85
}
