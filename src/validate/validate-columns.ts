import type { StandardSchemaV1 } from "@standard-schema/spec"
import { markRequired } from "../binding/mark-required.ts"
import type { Column } from "../model/column.ts"
import { columnOf } from "../model/column-of.ts"
import type { TableBatch } from "../model/table-batch.ts"
import { RowValues } from "./row-values.ts"
import { runSchema } from "./run-schema.ts"
import type { SchemaColumn, SchemaStructure } from "./schema-column.ts"
import { markIssues } from "./schema-issue.ts"

/**
 * Validates by column. Kernels find the cells that surely pass; a row with any other cell goes through the whole schema, which decides and words
 * the issues. A property without kernels goes through its own part of the schema, cell by cell.
 */
export async function validateColumns<Out>(
  batch: TableBatch,
  schema: StandardSchemaV1,
  structure: SchemaStructure,
  columns: readonly SchemaColumn[],
): Promise<TableBatch<Out>> {
  const doubts = new Uint8Array(batch.length)
  const output: Column<unknown>[] = []
  const absent = new Set<string>()
  for (const column of columns) {
    const cells = batch.column(column.name)
    if (cells === undefined) continue
    for (const test of column.tests ?? []) test.doubt(cells, doubts)
    if (column.whenMissing === "required") doubtNulls(cells, doubts)
    if (column.coerces && column.whenMissing === "required") requireNulls(batch, cells, column.name)
    const made = await outputOf(cells, column, doubts)
    output.push(made.column)
    if (column.whenMissing === "absent" || made.leftOut) absent.add(column.name)
  }
  await judge(batch, schema, structure, columns, doubts)
  const names = columns.map(({ name }) => name)
  const kept = structure.others === "keep" ? batch.names.filter((name) => !names.includes(name)) : []
  const extra = kept.map((name) => batch.column(name)).filter((column) => column !== undefined)
  return batch.withShape<Out>({ names: [...names, ...kept], columns: [...output, ...extra], absent })
}

function doubtNulls(cells: Column<unknown>, doubts: Uint8Array): void {
  if (cells.nulls.count === 0) return
  for (let row = 0; row < cells.length; row++) if (cells.nulls.has(row)) doubts[row] = 1
}

/** Coercion turns null into a value, so an empty cell that requires a value fails before it gets there. */
function requireNulls(batch: TableBatch, cells: Column<unknown>, name: string): void {
  if (cells.nulls.count === 0) return
  for (let row = 0; row < cells.length; row++) {
    if (!cells.nulls.has(row) || batch.dropped(row) || batch.issues.concerns(row, name)) continue
    markRequired(batch, row, name)
  }
}

interface Output {
  readonly column: Column<unknown>
  /** Whether the schema returned `undefined` for some cell, and null for none. */
  readonly leftOut: boolean
}

/** The resulting cells: unchanged if kernels pass them, with nulls filled in if the schema does that. */
async function outputOf(cells: Column<unknown>, column: SchemaColumn, doubts: Uint8Array): Promise<Output> {
  if (column.tests === undefined) return await throughSchema(cells, column, doubts, 0)
  if (column.whenMissing !== "schema" || cells.nulls.count === 0) return { column: cells, leftOut: false }
  return await throughSchema(cells, column, doubts, 1)
}

/**
 * Passes all cells, or only nulls, through their own part of the schema: for transforms, refinements, defaults and anything else without a
 * kernel.
 */
async function throughSchema(cells: Column<unknown>, column: SchemaColumn, doubts: Uint8Array, onlyNulls: 0 | 1): Promise<Output> {
  const { schema, coerces, whenMissing } = column
  const missing = whenMissing === "required" || whenMissing === "null" ? null : undefined
  const values: unknown[] = new Array(cells.length)
  let undefineds = 0
  let nulls = 0
  for (let row = 0; row < cells.length; row++) {
    const cell = cells.at(row)
    values[row] = cell
    if (cell !== null && onlyNulls === 1) continue
    if (cell === null && coerces && whenMissing === "required") continue
    const given = runSchema(schema, cell ?? missing)
    const result = given instanceof Promise ? await given : given
    if (result.issues === undefined) {
      values[row] = result.value
      if (result.value === undefined) undefineds++
      else if (result.value === null) nulls++
    } else {
      values[row] = null
      doubts[row] = 1
    }
  }
  return { column: columnOf(values, cells.length), leftOut: undefineds > 0 && nulls === 0 }
}

/** The schema's verdict on the rows that may fail. */
async function judge(
  batch: TableBatch,
  schema: StandardSchemaV1,
  structure: SchemaStructure,
  columns: readonly SchemaColumn[],
  doubts: Uint8Array,
): Promise<void> {
  const rows = new RowValues(
    columns.flatMap(({ name, whenMissing }) => {
      const column = batch.column(name)
      return column === undefined ? [] : [{ name, column, leaveOut: whenMissing === "absent" || whenMissing === "schema" }]
    }),
  )
  for (let row = doubts.indexOf(1); row >= 0; row = doubts.indexOf(1, row + 1)) {
    if (batch.dropped(row)) continue
    const given = runSchema(schema, rows.at(row))
    const result = given instanceof Promise ? await given : given
    if (result.issues !== undefined) markIssues(batch, row, result.issues, structure)
  }
}
