import { apparentKind } from "../../header/apparent-kind.ts"
import { SampledTable } from "../../header/sampled-table.ts"
import type { SplitRecord } from "../scan/split-record.ts"
import { splitRecord } from "../scan/split-record.ts"
import { commonDelimiters, type Dialect, textOfView } from "./dialect.ts"

const maxRecords = 60
const leastRows = 3

/**
 * Whether a delimiter separates the names of the header, too. Otherwise the file has one column, and the delimiter is part of its texts.
 *
 * A first line without the delimiter may also be a title. Then a blank line or a header follows it, or rows that are clearly a table.
 */
export function partsHeader(view: string, dialect: Dialect): boolean {
  if (dialect.delimiter === undefined) return true
  if (splitRecord(view, 0, dialect).fields.some((field, at) => at > 0 && field.trim() !== "")) return true
  const { records, gaps } = firstRecords(view, dialect)
  // A delimiter at the end of a line separates nothing.
  const top = records.findIndex(({ fields }) => fields.some((field, at) => at > 0 && field.trim() !== ""))
  if (top <= 0) return true
  if (gaps.some((at) => at <= top)) return true
  // A name over a name is no title. Another table may follow behind a gap.
  const table = records.slice(
    top,
    gaps.find((at) => at > top + 1),
  )
  const rows = table.map(({ fields }) => fields.map(textOfView))
  const judged = new SampledTable(rows, rows[0]?.length).judge(0)
  if (rows.length > 1 && judged.contrasts > 0 && judged.conflicts === 0) return true
  const title = textOfView(records[0]?.fields[0] ?? "").trim()
  if (!/\s/.test(title) && !commonDelimiters.some((one) => title.includes(one))) return false
  return commonDelimiters.includes(dialect.delimiter) && !dialect.padded && isTable(rows)
}

/** Rows of one length, with a column of numbers or dates and at least two kinds of columns. */
function isTable(rows: readonly (readonly string[])[]): boolean {
  const width = rows[0]?.length ?? 0
  if (rows.length < leastRows || rows.some(({ length }) => length !== width)) return false
  const kinds = new Set<string>()
  for (let j = 0; j < width; j++) {
    const found = new Set(rows.map((row) => apparentKind(row[j] ?? "")).filter((kind) => kind !== "empty" && kind !== "missing"))
    kinds.add(found.size === 1 ? ([...found][0] ?? "text") : "text")
  }
  return kinds.size > 1
}

/** The first records that are not blank, and before which of them a blank line stands. */
function firstRecords(view: string, dialect: Dialect): { records: SplitRecord[]; gaps: number[] } {
  const records: SplitRecord[] = []
  const gaps: number[] = []
  for (let at = 0; at < view.length && records.length < maxRecords; ) {
    const record = splitRecord(view, at, dialect)
    at = record.next
    if (record.fields.some((field) => field.trim() !== "")) records.push(record)
    else if (records.length > 0) gaps.push(records.length)
  }
  return { records, gaps }
}
