import type { StandardSchemaV1 } from "@standard-schema/spec"
import type { Column } from "../model/column.ts"
import { columnOf } from "../model/column-of.ts"
import type { TableBatch } from "../model/table-batch.ts"
import { blankInRow, isNothing, requireCells } from "./blank-cells.ts"
import type { CellTest } from "./kernels/cell-test.ts"
import { type CheckedColumn, checkRows } from "./row-checks.ts"
import { type RowCells, RowValues } from "./row-values.ts"
import { runSchema } from "./run-schema.ts"
import type { ObjectCheck, SchemaColumn, SchemaStructure } from "./schema-column.ts"
import { columnOfIssue, markIssues } from "./schema-issue.ts"
import { zodTests } from "./zod-tests.ts"

/** A column of the schema with its kernels. */
export interface TestedColumn extends SchemaColumn {
  /** Kernels that find the cells that surely pass unchanged; undefined if each cell has to go through the schema. */
  readonly tests: readonly CellTest[] | undefined
}

/** Creates the kernels of columns. */
export function testedColumns(columns: readonly SchemaColumn[]): readonly TestedColumn[] {
  return columns.map((column) => ({ ...column, tests: column.leaf && zodTests(column.leaf) }))
}

/**
 * Validates by column. Kernels find the cells that surely pass; a row with any other cell goes through the whole schema, which decides and words
 * the issues. A property without kernels goes through its own part of the schema, cell by cell. The checks of the object see the rows that are left.
 *
 * Returns undefined, with nothing marked, if a check changes rows: they have to go through the schema then.
 */
export async function validateColumns<Out>(
  batch: TableBatch,
  schema: StandardSchemaV1,
  structure: SchemaStructure,
  columns: readonly TestedColumn[],
): Promise<TableBatch<Out> | undefined> {
  const doubts = new Uint8Array(batch.length)
  const outputs: CheckedColumn[] = []
  const absent = new Set<string>()
  /** The rows in which a function has made nothing of an empty cell. */
  const empty = new Map<string, readonly number[]>()
  for (const column of columns) {
    const cells = batch.column(column.name)
    if (cells === undefined) continue
    for (const test of column.tests ?? []) test.doubt(cells, doubts)
    if (column.whenMissing === "required" && column.blank !== "undefined") doubtNulls(cells, doubts)
    const { values, leftOut, refused } = await outputOf(cells, column, doubts)
    if (refused !== undefined && refused.length > 0) empty.set(column.name, refused)
    if (column.whenMissing === "absent" || leftOut) absent.add(column.name)
    const output = values === undefined ? cells : columnOf(values, cells.length)
    outputs.push({ name: column.name, cells, column: output, values, leavesOut: column.blank === "absent" })
  }
  const names = columns.map(({ name }) => name)
  const kept = structure.others === "keep" ? batch.names.filter((name) => !names.includes(name)) : []
  for (const name of kept) {
    const cells = batch.column(name)
    if (cells !== undefined) outputs.push({ name, cells, column: cells, values: undefined, leavesOut: false })
  }
  const { checks = [] } = structure
  const failing = checks.length === 0 ? undefined : await failingRows(checks, outputs, doubts, batch)
  if (failing === "changed") return undefined
  for (const { name, hidesNull, whenMissing } of columns) {
    const cells = batch.column(name)
    const rows = empty.get(name)
    if (cells !== undefined && ((hidesNull && whenMissing === "required") || rows !== undefined)) requireCells(batch, cells, name, rows)
  }
  await judge(batch, schema, structure, columns, kept, doubts)
  // Every row that the object rejects has a reason, even if the schema would turn an empty cell of it into a value that passes.
  for (const row of failing ?? []) if (batch.selection.has(row)) markIssues(batch, row, [{ message: "Invalid input" }], structure)
  return batch.withShape<Out>({ names: [...names, ...kept], columns: outputs.map(({ column }) => column), absent })
}

function doubtNulls(cells: Column<unknown>, doubts: Uint8Array): void {
  if (cells.nulls.count === 0) return
  for (let row = 0; row < cells.length; row++) if (cells.nulls.has(row)) doubts[row] = 1
}

interface Output {
  /** Undefined if the cells stay as they are. */
  readonly values: readonly unknown[] | undefined
  /** Whether the schema returned `undefined` for some cell, and null for none. */
  readonly leftOut: boolean
  /** The rows in which a function has made nothing of an empty cell. */
  readonly refused?: readonly number[]
}

/** The resulting cells: unchanged if kernels pass them, with nulls filled in if the schema does that. */
async function outputOf(cells: Column<unknown>, column: TestedColumn, doubts: Uint8Array): Promise<Output> {
  if (column.tests === undefined) return await throughSchema(cells, column, doubts, 0)
  if (column.whenMissing !== "schema" || cells.nulls.count === 0) return { values: undefined, leftOut: false }
  return await throughSchema(cells, column, doubts, 1)
}

/**
 * Passes all cells, or only nulls, through their own part of the schema: for transforms, refinements, defaults and anything else without a
 * kernel.
 */
async function throughSchema(cells: Column<unknown>, column: TestedColumn, doubts: Uint8Array, onlyNulls: 0 | 1): Promise<Output> {
  const { schema, blank, hidesNull, orNull } = column
  const missing = blank === "null" ? null : undefined
  const values: unknown[] = new Array(cells.length)
  const refused: number[] = []
  let undefineds = 0
  let nulls = 0
  for (let row = 0; row < cells.length; row++) {
    const cell = cells.at(row)
    values[row] = cell
    if (cell === null ? hidesNull : onlyNulls === 1) {
      if (cell === null) nulls++
      continue
    }
    const given = runSchema(schema, cell ?? missing)
    const result = given instanceof Promise ? await given : given
    const isFault = result.issues !== undefined || (cell === null && isNothing(result.value))
    values[row] = isFault ? null : result.value
    if (!isFault) {
      if (result.value === undefined) undefineds++
      else if (result.value === null) nulls++
    } else if (cell === null && orNull) nulls++
    else if (result.issues === undefined) refused.push(row)
    else doubts[row] = 1
  }
  return { values, leftOut: undefineds > 0 && nulls === 0, refused }
}

/** The rows that a check of the object rejects, which are then in doubt too; `"changed"` if a check changes rows. */
async function failingRows(
  checks: readonly ObjectCheck[],
  outputs: readonly CheckedColumn[],
  doubts: Uint8Array,
  batch: TableBatch,
): Promise<readonly number[] | "changed"> {
  const before = doubts.slice()
  if (!(await checkRows(checks, outputs, doubts, (row) => batch.dropped(row)))) return "changed"
  const failing: number[] = []
  for (let row = doubts.indexOf(1); row >= 0; row = doubts.indexOf(1, row + 1)) if (before[row] === 0) failing.push(row)
  return failing
}

/** The schema's verdict on the rows that may fail. */
async function judge(
  batch: TableBatch,
  schema: StandardSchemaV1,
  structure: SchemaStructure,
  columns: readonly TestedColumn[],
  kept: readonly string[],
  doubts: Uint8Array,
): Promise<void> {
  let row = doubts.indexOf(1)
  if (row < 0) return
  const cells: RowCells[] = []
  const nullable = new Map<string, Column<unknown>>()
  for (const column of columns) {
    const found = batch.column(column.name)
    if (found === undefined) continue
    const blank = found.nulls.count === 0 ? column.blank : await blankInRow(column)
    cells.push({ name: column.name, column: found, blank: blank ?? "absent" })
    // The column accepts null, although its schema cannot see it.
    if (blank === undefined && (column.whenMissing === "null" || column.orNull)) nullable.set(column.name, found)
  }
  for (const name of kept) {
    const found = batch.column(name)
    if (found !== undefined) cells.push({ name, column: found, blank: "null" })
  }
  const rows = new RowValues(cells)
  for (; row >= 0; row = doubts.indexOf(1, row + 1)) {
    if (batch.dropped(row)) continue
    const given = runSchema(schema, rows.at(row))
    const result = given instanceof Promise ? await given : given
    const issues = result.issues?.filter((issue) => nullable.get(columnOfIssue(issue) ?? "")?.nulls.has(row) !== true)
    if (issues !== undefined) markIssues(batch, row, issues, structure)
  }
}
