import { SampledTable } from "../../header/sampled-table.ts"
import { splitRecord } from "../scan/split-record.ts"
import { type Dialect, textOfView } from "./dialect.ts"
import type { DialectScore } from "./score-dialect.ts"

const leastRegular = 0.9
/** Of this share, values are more than the dates and times of a log. */
const mostlyValues = 0.6
/** How many fields are more than a name, a value and a remark. */
const manyFields = 3
const namedRows = 30

/**
 * Whether a character that texts and times contain, such as a colon or a space, does separate fields. Nearly all records have the same number of
 * fields; most fields are values, or the first line has names for values, or there are many fields and they are not words between single spaces.
 * Most colons are not those of times.
 */
export function isEvident({ dialect, consistency, width, values, records }: DialectScore, view: string): boolean {
  const { delimiter = "", collapsed } = dialect
  if (delimiter === ":" && view.split(/\d:\d/).length * 2 > view.split(":").length) return false
  if (consistency < leastRegular || records < 2) return false
  if (values > mostlyValues || isBelowNames(view, dialect)) return true
  return width > manyFields && consistency === 1 && (delimiter !== " " || collapsed)
}

/** Whether the first line has names for numbers or dates below it. */
function isBelowNames(view: string, dialect: Dialect): boolean {
  const rows: string[][] = []
  for (let at = 0; at < view.length && rows.length < namedRows; ) {
    const record = splitRecord(view, at, dialect)
    rows.push(record.fields.map(textOfView))
    at = record.next
  }
  const { contrasts, conflicts } = new SampledTable(rows, rows[0]?.length).judge(0)
  return contrasts > 0 && conflicts === 0
}
