import type { StandardSchemaV1 } from "@standard-schema/spec"
import type { Column } from "../model/column.ts"
import { columnOf } from "../model/column-of.ts"
import type { TableBatch } from "../model/table-batch.ts"
import { blankInRow, isNothing, requireCells } from "./blank-cells.ts"
import type { CheckedColumn } from "./checked-rows.ts"
import type { CellTest } from "./kernels/cell-test.ts"
import { checkRows } from "./row-checks.ts"
import { type RowCells, RowValues } from "./row-values.ts"
import { runSchema } from "./run-schema.ts"
import type { SchemaColumn, SchemaStructure } from "./schema-column.ts"
import { markIssues } from "./schema-issue.ts"
import { wordedIssues } from "./zod-issues.ts"
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
  const found = checks.length === 0 ? new Map<number, never>() : await checkRows(checks, outputs, doubts, (row) => batch.dropped(row))
  if (found === undefined) return undefined
  for (const { name, hidesNull, whenMissing } of columns) {
    const cells = batch.column(name)
    const rows = empty.get(name)
    if (cells !== undefined && ((hidesNull && whenMissing === "required") || rows !== undefined)) requireCells(batch, cells, name, rows)
  }
  await judge(batch, schema, structure, columns, kept, doubts)
  // A row that the object rejects has a reason, even if its schema would turn an empty cell into a value that passes.
  for (const [row, issues] of found) if (batch.selection.has(row)) markIssues(batch, row, wordedIssues(issues), structure)
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
  const { schema, blank, leavesOut, hidesNull, orNull } = column
  const missing = blank === "null" ? null : undefined
  const values: unknown[] = new Array(cells.length)
  const refused: number[] = []
  let undefineds = 0
  let nulls = 0
  for (let row = 0; row < cells.length; row++) {
    const cell = cells.at(row)
    values[row] = cell
    if (cell === null ? hidesNull || leavesOut : onlyNulls === 1) {
      if (leavesOut && cell === null) values[row] = undefined
      else if (cell === null) nulls++
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
    else {
      doubts[row] = 1
      if (result.issues === undefined) refused.push(row)
    }
  }
  return { values, leftOut: undefineds > 0 && nulls === 0, refused }
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
  /** Columns that accept null, although the schema would make something else of it. */
  const nullable: Column<unknown>[] = []
  for (const column of columns) {
    const found = batch.column(column.name)
    if (found === undefined) continue
    const blank = found.nulls.count === 0 ? column.blank : await blankInRow(column)
    cells.push({ name: column.name, column: found, blank: blank ?? "absent" })
    if (blank === undefined && (column.whenMissing === "null" || column.orNull)) nullable.push(found)
  }
  for (const name of kept) {
    const found = batch.column(name)
    if (found !== undefined) cells.push({ name, column: found, blank: "null" })
  }
  const rows = new RowValues(cells)
  for (; row >= 0; row = doubts.indexOf(1, row + 1)) {
    if (batch.dropped(row)) continue
    const hidden = nullable.some(({ nulls }) => nulls.has(row))
    const given = hidden ? issuesOfCells(batch, row, columns) : runSchema(schema, rows.at(row))
    const result = given instanceof Promise ? await given : given
    if (result.issues !== undefined) markIssues(batch, row, result.issues, structure)
  }
}

/** The issues of single cells, for a row that the whole schema must not see. */
async function issuesOfCells(batch: TableBatch, row: number, columns: readonly TestedColumn[]): Promise<StandardSchemaV1.FailureResult> {
  const issues: StandardSchemaV1.Issue[] = []
  for (const { name, schema, blank, leavesOut, hidesNull, orNull } of columns) {
    const cell = batch.column(name)?.at(row) ?? null
    if (cell === null && (leavesOut || hidesNull || orNull)) continue
    const result = await runSchema(schema, cell ?? (blank === "null" ? null : undefined))
    for (const issue of result.issues ?? []) {
      // An error ends the schema of a row, whichever cell it comes from.
      if ("code" in issue && issue.code === "schema.threw") return { issues: [issue] }
      issues.push({ ...issue, path: [name, ...(issue.path ?? [])] })
    }
  }
  return { issues }
}
