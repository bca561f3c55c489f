import { quoted } from "../cells/readers/quoted.ts"
import type { ColumnCheck } from "../contract/check.ts"
import { TableBatch } from "../model/table-batch.ts"
import { checkArgument } from "../options/check-argument.ts"
import { kind, text } from "../options/option-kinds.ts"
import type { Widened } from "../validate/foreign-key.ts"
import { unknownColumn } from "../validate/unknown-column.ts"
import { cellText, valueText } from "./cell-text.ts"

/** When a cell is required: for some values of the other column, or if a function of its value says so. */
export type Condition<V> = readonly V[] | ((value: V) => boolean)

/**
 * Checks that a column has a value wherever another one has one of some values: `requiredIf("iban", "method", ["transfer"])`. A cell that could not be
 * read is not missing. A failure (`required`) costs completeness.
 */
export function requiredIf<const K extends string, const O extends string, V extends string | number | boolean | Date>(
  column: K,
  other: O,
  condition: Condition<V>,
): ColumnCheck<{ readonly [P in K]?: unknown } & { readonly [P in O]?: (V extends boolean ? boolean : Widened<V>) | null | undefined }> {
  const columnKind = text("the name of a column")
  checkArgument("The column of requiredIf()", column, columnKind, "PIPELINE_INVALID")
  checkArgument("The other column of requiredIf()", other, columnKind, "PIPELINE_INVALID")
  checkArgument("The condition of requiredIf()", condition, conditionKind, "PIPELINE_INVALID")
  const rule = `requiredIf.${column}+${other}`
  const values = typeof condition === "function" ? undefined : new Set(condition.map(keyOf))
  const requires = (value: unknown) => (typeof condition === "function" ? condition(value as V) : values?.has(keyOf(value)) === true)
  return {
    kind: "column",
    name: rule,
    columns: [column],
    dimension: "completeness",
    parameters: { other, values: typeof condition === "function" ? null : condition.map(valueText) },
    test(given, fail) {
      const batch = TableBatch.from<unknown>(given)
      const others = batch.column(other)
      const cells = batch.column(column)
      // Rows of JSON, or of a program, may have a column only later.
      const mayLack = batch.table.growing === true || batch.selection.size === 0
      if (others === undefined && mayLack) return
      if (others === undefined) throw unknownColumn(rule, other, batch.names)
      if (cells === undefined && !mayLack) throw unknownColumn(rule, column, batch.names)
      for (const row of batch.kept()) {
        if (cells?.nulls.has(row) === false || others.nulls.has(row) || !batch.trusts(row) || !requires(others.at(row))) continue
        if (isBlamed(batch, row, column)) continue
        fail(row, {
          code: "required",
          message: `${column} is required, because ${other} is ${quoted(cellText(others, row))}.`,
          column,
        })
      }
    },
  }
}

const conditionKind = kind<unknown>(
  "a list of values, or a function of a value",
  (value) => typeof value === "function" || (Array.isArray(value) && value.length > 0),
)

function keyOf(value: unknown): unknown {
  return value instanceof Date ? value.getTime() : value
}

/** Whether the cell is null because something is wrong with it. */
function isBlamed(batch: TableBatch, row: number, column: string): boolean {
  for (const issue of batch.issues.found(row)) if (issue.column === column && issue.severity === "error") return true
  return false
}
