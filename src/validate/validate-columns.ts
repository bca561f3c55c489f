import type { StandardSchemaV1 } from "@standard-schema/spec"
import type { Column } from "../model/column.ts"
import { columnOf } from "../model/column-of.ts"
import type { TableBatch } from "../model/table-batch.ts"
import { RowValues } from "./row-values.ts"
import type { SchemaColumn, SchemaStructure } from "./schema-column.ts"
import { markIssues } from "./schema-issue.ts"

/**
 * Validates by column: kernels vouch for the cells that surely pass; rows with a cell in doubt go through the whole schema, which has the
 * last word and the only words. Properties without kernels go through their own part of the schema, cell by cell.
 */
export async function validateColumns<Out>(
  batch: TableBatch,
  schema: StandardSchemaV1,
  columns: readonly SchemaColumn[],
  others: SchemaStructure["others"],
): Promise<TableBatch<Out>> {
  const doubts = new Uint8Array(batch.length)
  const output: Column<unknown>[] = []
  for (const column of columns) {
    const cells = batch.column(column.name)
    if (cells === undefined) continue
    output.push(column.tests === undefined ? await throughSchema(cells, column, doubts) : cells)
    for (const test of column.tests ?? []) test.doubt(cells, doubts)
    if (column.whenMissing === "required") doubtNulls(cells, doubts)
    if (column.whenMissing === "schema" && column.tests !== undefined && cells.nulls.count > 0) {
      output[output.length - 1] = await filled(cells, column, doubts)
    }
  }
  await judge(batch, schema, columns, doubts)
  const names = columns.map(({ name }) => name)
  const absent = new Set(columns.filter(({ whenMissing }) => whenMissing === "absent").map(({ name }) => name))
  const kept = others === "keep" ? batch.names.filter((name) => !names.includes(name)) : []
  const extra = kept.map((name) => batch.column(name)).filter((column) => column !== undefined)
  return batch.withShape<Out>({ names: [...names, ...kept], columns: [...output, ...extra], absent })
}

function doubtNulls(cells: Column<unknown>, doubts: Uint8Array): void {
  if (cells.nulls.count === 0) return
  for (let row = 0; row < cells.length; row++) if (cells.nulls.has(row)) doubts[row] = 1
}

/** Cells through their own part of the schema: for transforms, refinements and what else has no kernel. */
async function throughSchema(cells: Column<unknown>, column: SchemaColumn, doubts: Uint8Array): Promise<Column<unknown>> {
  const values: unknown[] = new Array(cells.length)
  for (let row = 0; row < cells.length; row++) {
    const cell = cells.at(row)
    values[row] = null
    if (cell === null && column.whenMissing !== "schema") continue
    // Awaiting a result that is there already would cost a turn of the microtask queue a cell.
    const given = column.schema["~standard"].validate(cell ?? undefined)
    const result = given instanceof Promise ? await given : given
    if (result.issues === undefined) values[row] = result.value
    else doubts[row] = 1
  }
  return columnOf(values, cells.length)
}

/** Null cells filled by the schema's default; the others passed their kernels. */
async function filled(cells: Column<unknown>, { schema }: SchemaColumn, doubts: Uint8Array): Promise<Column<unknown>> {
  const values: unknown[] = new Array(cells.length)
  for (let row = 0; row < cells.length; row++) {
    values[row] = cells.at(row)
    if (values[row] !== null) continue
    const result = await schema["~standard"].validate(undefined)
    if (result.issues === undefined) values[row] = result.value
    else doubts[row] = 1
  }
  return columnOf(values, cells.length)
}

/** The schema's verdict on the rows in doubt. */
async function judge(batch: TableBatch, schema: StandardSchemaV1, columns: readonly SchemaColumn[], doubts: Uint8Array): Promise<void> {
  const rows = new RowValues(
    columns.flatMap(({ name, whenMissing }) => {
      const column = batch.column(name)
      return column === undefined ? [] : [{ name, column, leaveOut: whenMissing === "absent" || whenMissing === "schema" }]
    }),
  )
  for (let row = doubts.indexOf(1); row >= 0; row = doubts.indexOf(1, row + 1)) {
    if (batch.dropped(row)) continue
    const given = schema["~standard"].validate(rows.at(row))
    const result = given instanceof Promise ? await given : given
    if (result.issues !== undefined) markIssues(batch, row, result.issues)
  }
}
