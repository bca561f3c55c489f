import type { Context } from "../../src/contract/context.ts"
import type { Column } from "../../src/model/column.ts"
import { columnOf } from "../../src/model/column-of.ts"
import { check } from "../../src/validate/check.ts"
import { runStage, stageContext, tableOf } from "../run-stage.ts"

/** Columns by name, as layouts of their own or as plain values. */
export interface Table {
  readonly [column: string]: Column<unknown> | readonly unknown[]
}

/** What a check finds in tables: the row, counted over all of them, the column, the code and the message. */
export async function foundBy(rule: unknown, tables: readonly Table[], context: Partial<Context> = {}) {
  const batches = tables.map((table) =>
    tableOf(
      Object.fromEntries(
        Object.entries(table).map(([name, cells]) => [name, Array.isArray(cells) ? columnOf(cells) : (cells as Column<unknown>)]),
      ),
    ),
  )
  const made = await runStage(check(rule as never), batches as never[], stageContext(context))
  let before = 0
  return made.flatMap((batch) => {
    const found = [...batch.issues].map(({ row, issue }) => ({ ...issue, row: row + before }))
    before += batch.length
    return found
  })
}

/** The rows that a check fails in one table. */
export async function rowsFailedBy(rule: unknown, table: Table, context: Partial<Context> = {}): Promise<readonly number[]> {
  return (await foundBy(rule, [table], context)).map(({ row }) => row)
}
