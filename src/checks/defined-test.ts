import type { ColumnCheck } from "../contract/check.ts"
import type { Context } from "../contract/context.ts"
import { RowgateError } from "../errors/rowgate-error.ts"
import type { Column } from "../model/column.ts"
import type { Finding } from "../model/issue.ts"
import { TableBatch } from "../model/table-batch.ts"
import { unknownColumn } from "../validate/unknown-column.ts"

/** A finding, whatever its columns are called. */
export type AnyFinding = Pick<
  Finding<{ readonly [column: string]: unknown }>,
  "code" | "message" | "column" | "severity" | "confidence" | "suggestion"
>

/** How a check of values judges rows. */
export interface DefinedTest {
  readonly rule: string
  readonly columns: readonly string[]
  /** The column behind the name that a finding uses; without a name, the one that is blamed by default. */
  columnOf(name: string | undefined): string | undefined
  judge(values: readonly unknown[], context: Context): AnyFinding | readonly AnyFinding[] | undefined
}

/**
 * Tests the rows in which all columns have a value. A row that has failed is tested too if nothing was found wrong with these cells, so that it gets
 * all its reasons.
 */
export function testOf<T>({ rule, columns: names, columnOf, judge }: DefinedTest): ColumnCheck<T>["test"] {
  return (given, fail, context) => {
    const batch = TableBatch.from<unknown>(given)
    const columns = names.map((name) => batch.column(name))
    const lacking = columns.indexOf(undefined)
    // Rows of JSON, or of a program, may have the column only later.
    if (lacking >= 0 && (batch.table.growing === true || batch.selection.size === 0)) return
    if (lacking >= 0) throw unknownColumn(rule, names[lacking] ?? "", batch.names)
    const failed = [...batch.rejected()].filter((row) => isSound(batch, row, names))
    const test = (row: number, hasFailed: boolean) => {
      const values = columns.map((column) => (column as Column<unknown>).at(row))
      if (values.includes(null)) return
      const add = (finding: AnyFinding) => fail(row, { ...finding, column: columnOf(finding.column) } as Finding<T>)
      try {
        const found = judge(values, context)
        if (found === undefined) return
        for (const finding of isList(found) ? found : [found]) add(finding)
      } catch (error) {
        if (error instanceof RowgateError) throw error
        // The cause may be the cell for which the row has failed.
        if (hasFailed) return
        const reason = error instanceof Error ? error.message : String(error)
        add({ code: "check.threw", message: `The check ${rule} threw (${reason}).` })
      }
    }
    for (const row of batch.selection) test(row, false)
    for (const row of failed) test(row, true)
  }
}

function isList(found: AnyFinding | readonly AnyFinding[]): found is readonly AnyFinding[] {
  return Array.isArray(found)
}

/** Whether no error was found in these cells of a failed row. */
function isSound(batch: TableBatch, row: number, columns: readonly string[]): boolean {
  for (const { severity, column } of batch.issues.found(row)) if (severity === "error" && columns.includes(column ?? "")) return false
  return true
}
