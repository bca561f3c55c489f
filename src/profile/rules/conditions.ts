import { wilsonBound } from "../wilson.ts"
import type { ObservedColumn } from "./observed-column.ts"
import type { ObservedTable } from "./observed-table.ts"
import type { ProposedRule } from "./proposed-rule.ts"
import { ruleThresholds } from "./rule-thresholds.ts"

const { leastBound, leastConditionRows, leastEmptyElsewhere, someEmptyElsewhere } = ruleThresholds

type ConditionRule = Extract<ProposedRule, { kind: "requiredIf" }>

/** Columns that have a value exactly where another column has certain values, such as the account of those who pay by transfer. */
export function conditionsOf(table: ObservedTable): readonly ProposedRule[] {
  const conditions = table.columns.filter(
    ({ kind, empty, values }) => kind === "text" && empty === 0 && values !== undefined && values.size > 1,
  )
  return table.columns.flatMap((column) => {
    const isUnread = column.filled + column.empty < table.rows
    if (isUnread || column.filled < leastConditionRows || column.empty < leastConditionRows) return []
    const rules = conditions.flatMap((other) => (other === column ? [] : (conditionOf(column, other, table) ?? [])))
    const [best] = rules.sort((one, other) => other.emptyElsewhere - one.emptyElsewhere || one.values.length - other.values.length)
    return best ?? []
  })
}

function conditionOf(column: ObservedColumn, other: ObservedColumn, table: ObservedTable): ConditionRule | undefined {
  const { cells } = column
  const { cells: codes, valuesByCode } = other
  if (cells === undefined || codes === undefined || valuesByCode === undefined) return undefined
  const counts = new Map<string, { rows: number; filled: number }>()
  for (let row = 0; row < table.rows; row++) {
    const value = valuesByCode.get(codes[row] ?? Number.NaN)
    // The condition could not be read in this row.
    if (value === undefined) continue
    const count = counts.get(value) ?? { rows: 0, filled: 0 }
    counts.set(value, count)
    count.rows++
    if (!Number.isNaN(cells[row])) count.filled++
  }
  let [rows, elsewhere, emptyElsewhere] = [0, 0, 0]
  const values: string[] = []
  for (const [value, count] of counts) {
    if (count.filled === count.rows && count.rows >= leastConditionRows) {
      values.push(value)
      rows += count.rows
    } else {
      elsewhere += count.rows
      emptyElsewhere += count.rows - count.filled
    }
  }
  const share = emptyElsewhere / Math.max(1, elsewhere)
  if (values.length === 0 || elsewhere < leastConditionRows || share < someEmptyElsewhere) return undefined
  const thin =
    wilsonBound(rows, rows) < leastBound
      ? `${rows} rows are few`
      : share < leastEmptyElsewhere
        ? `of the other rows, ${Math.round(100 * (1 - share))} % have one too`
        : undefined
  const evidence = { rows, exceptions: 0, exceptionRows: [], thin }
  return {
    kind: "requiredIf",
    column: column.name,
    condition: other.name,
    values: values.sort(),
    emptyElsewhere: share,
    elsewhere,
    ...evidence,
  }
}
