import { longestFooter } from "../layout/suspect-rows.ts"
import { TextLine } from "../layout/table-line.ts"
import type { CsvPlan } from "./csv-plan.ts"
import { textOfView } from "./dialect/dialect.ts"
import { splitRecord } from "./scan/split-record.ts"

/** No footer is longer, in bytes and in records. */
export const maxFooterBytes = 8 << 10
const maxRecords = longestFooter

/** The records of the rest of a text, if they are few enough for a footer; undefined if there are more. */
export function lastLines(view: string, { dialect, width, names }: CsvPlan): TextLine[] | undefined {
  const lines: TextLine[] = []
  let isApart = false
  for (let at = 0; at < view.length; ) {
    const record = splitRecord(view, at, dialect, { keep: names.length })
    at = record.next
    if (record.count === 1 && record.fields[0]?.trim() === "") {
      isApart = true
      continue
    }
    if (lines.length === maxRecords) return undefined
    lines.push(new TextLine(record.fields.map(textOfView), { isSelected: record.count === width, isApart, width: names.length }))
    isApart = false
  }
  return lines
}
