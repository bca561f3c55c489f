import type { StandardSchemaV1 } from "@standard-schema/spec"
import type { Column } from "../model/column.ts"
import { MissingColumn } from "../model/columns/missing-column.ts"
import type { Issue } from "../model/issue.ts"
import type { TableBatch } from "../model/table-batch.ts"
import { passes } from "./row-checks.ts"
import { RowOutput } from "./row-output.ts"
import { runSchema } from "./run-schema.ts"
import type { SchemaColumn, SchemaStructure, SchemaUnion } from "./schema-column.ts"
import { markIssues } from "./schema-issue.ts"
import { type SchemaReader, unreadable } from "./schema-reader.ts"
import { type Reading, VariantRows } from "./variant-rows.ts"
import type { Payload } from "./zod-definition.ts"
import { wordedIssues } from "./zod-issues.ts"

type Result = StandardSchemaV1.Result<unknown>

/**
 * Passes rows through a union of objects. Each object reads the cells as it declares them, so a column may be a number for one and text for
 * another. A row is the first object that accepts it, or the one that its discriminator names.
 */
export class UnionValidation {
  readonly #schema: StandardSchemaV1
  readonly #structure: SchemaStructure
  readonly #union: SchemaUnion
  readonly #reader: SchemaReader
  readonly #columns: readonly SchemaColumn[]
  readonly #known: ReadonlySet<string>
  readonly #names: Set<string>

  constructor(schema: StandardSchemaV1, structure: SchemaStructure, union: SchemaUnion, reader: SchemaReader) {
    this.#schema = schema
    this.#structure = structure
    this.#union = union
    this.#reader = reader
    this.#columns = structure.columns ?? []
    this.#known = new Set(this.#columns.map(({ name }) => name))
    this.#names = new Set(structure.reshapes ? [] : this.#known)
  }

  async validate<Out>(given: TableBatch): Promise<TableBatch<Out>> {
    const readings = new Map<string, Map<SchemaColumn["kind"], Reading>>()
    const variants: VariantRows[] = []
    for (const variant of this.#union.variants)
      variants.push(await VariantRows.of(variant, given, this.#known, (column) => this.#read(column, given, readings)))
    const batch = given.withColumns(agreed(readings))
    const output = new RowOutput(
      batch.length,
      new Set(this.#columns.flatMap(({ name, whenMissing }) => (whenMissing === "absent" ? [name] : []))),
    )
    for (let row = 0; row < batch.length; row++) {
      if (batch.dropped(row)) continue
      const result = await this.#judge(batch, variants, row)
      if (result !== undefined && batch.selection.has(row)) output.set(row, result.value)
    }
    return output.batch<Out>(batch, this.#names, this.#structure.reshapes)
  }

  /** Each column is read once as each kind. */
  #read(column: SchemaColumn, batch: TableBatch, readings: Map<string, Map<SchemaColumn["kind"], Reading>>): Reading {
    const { name, kind } = column
    const known = readings.get(name)?.get(kind)
    if (known !== undefined) return known
    const failures = new Map<number, Issue>()
    const cells = batch.column(name) ?? new MissingColumn(batch.length)
    const read = this.#reader.readCells(column, cells, batch, (row, ...failure) => failures.set(row, unreadable(name, ...failure)))
    const reading = { column: read, failures }
    readings.set(name, (readings.get(name) ?? new Map<SchemaColumn["kind"], Reading>()).set(kind, reading))
    return reading
  }

  /** The result for a row that passes. Otherwise, the row is marked with the reasons. */
  async #judge(batch: TableBatch, all: readonly VariantRows[], row: number): Promise<{ readonly value: unknown } | undefined> {
    const possible = all.filter((rows) => rows.mayBe(row))
    for (const rows of possible) {
      if (rows.faults(row).length > 0) continue
      const result = await rows.verdict(row)
      if (result.issues === undefined) return this.#keep(row, rows, await this.#checked(rows, row, result.value))
    }
    const [first = all[0], ...more] = possible
    if (first === undefined) return undefined
    if (this.#union.catches) {
      const caught = await this.#whole(first, row)
      if (caught.issues === undefined) return caught
    }
    if (possible.length > 0 && more.length === 0) {
      for (const fault of first.faults(row)) mark(batch, row, fault)
      return this.#keep(row, first, await first.verdict(row))
    }
    const faults = sharedFaults(possible, row)
    for (const fault of faults) mark(batch, row, fault)
    if (faults.length > 0) return undefined
    const { issues = [{ message: "Invalid input" }] } = await this.#whole(first, row)
    return this.#keep(row, first, { issues })
  }

  /** A row that an object has accepted, after the checks of the union. */
  async #checked(rows: VariantRows, row: number, value: unknown): Promise<Result> {
    const { checks } = this.#union
    if (checks === undefined) return await this.#whole(rows, row)
    if (checks.length === 0) return { value }
    const payload: Payload = { value, issues: [] }
    if (await passes(checks, payload)) return { value: payload.value }
    const whole = await this.#whole(rows, row)
    // Another object of the union may accept the cells as this one reads them, so the schema may see no fault.
    return whole.issues === undefined ? { issues: wordedIssues(payload.issues) } : whole
  }

  #whole(rows: VariantRows, row: number): Result | Promise<Result> {
    return runSchema(this.#schema, rows.at(row))
  }

  #keep(row: number, rows: VariantRows, result: Result): { readonly value: unknown } | undefined {
    if (result.issues === undefined) return result
    markIssues(rows.batch, row, result.issues, { ...this.#structure, columns: rows.variant.columns })
    return undefined
  }
}

/** A normalizer may have rejected the cell already. */
function mark(batch: TableBatch, row: number, issue: Issue): void {
  if (!batch.issues.concerns(row, issue.column ?? "")) batch.mark(row, issue)
}

/** The faults of cells that every object has. */
function sharedFaults([first, ...others]: readonly VariantRows[], row: number): readonly Issue[] {
  const shared = others.map((rows) => new Set(rows.faults(row).map(({ column }) => column)))
  return (first?.faults(row) ?? []).filter(({ column }) => shared.every((columns) => columns.has(column)))
}

/** The columns that all objects read as one kind, in which failed rows keep their cells. */
function agreed(readings: ReadonlyMap<string, ReadonlyMap<unknown, Reading>>): ReadonlyMap<string, Column<unknown>> {
  const columns = new Map<string, Column<unknown>>()
  for (const [name, kinds] of readings) {
    const [only, ...more] = kinds.values()
    if (only !== undefined && more.length === 0) columns.set(name, only.column)
  }
  return columns
}
