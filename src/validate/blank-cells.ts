import { markRequired } from "../binding/mark-required.ts"
import type { Column } from "../model/column.ts"
import type { TableBatch } from "../model/table-batch.ts"
import { runSchema } from "./run-schema.ts"
import type { SchemaColumn } from "./schema-column.ts"

/** What a row has for the empty cells of a column when the row goes through the schema as a whole; undefined if the schema must not see them. */
export async function blankInRow(column: SchemaColumn): Promise<SchemaColumn["blank"] | undefined> {
  const { schema, blank, hidesNull, asksFunction, orNull, whenMissing } = column
  if (!hidesNull && !asksFunction) return blank
  if (asksFunction) {
    const result = await runSchema(schema, undefined)
    const isRefused = result.issues !== undefined
    if (isRefused ? !orNull : !isNothing(result.value)) return blank
  }
  if (whenMissing === "required" && !orNull) return undefined
  // The column accepts null, but only its own part of the schema can say whether null stays null on the way.
  const result = await runSchema(schema, null)
  return result.issues === undefined && result.value === null ? "null" : undefined
}

/** Whether a function has computed with a cell that has no value. */
export function isNothing(value: unknown): boolean {
  return Number.isNaN(value instanceof Date ? value.getTime() : value)
}

/** Rejects rows in which a column is empty, unless the cell has a reason already. Default: every such row. */
export function requireCells(batch: TableBatch, cells: Column<unknown>, name: string, rows?: readonly number[]): void {
  const require = (row: number) => {
    if (!batch.dropped(row) && !batch.issues.concerns(row, name)) markRequired(batch, row, name)
  }
  if (rows !== undefined) for (const row of rows) require(row)
  else if (cells.nulls.count > 0) for (let row = 0; row < cells.length; row++) if (cells.nulls.has(row)) require(row)
}
