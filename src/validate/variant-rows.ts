import type { StandardSchemaV1 } from "@standard-schema/spec"
import { requiredIssue } from "../binding/mark-required.ts"
import type { Column } from "../model/column.ts"
import { MissingColumn } from "../model/columns/missing-column.ts"
import type { Issue } from "../model/issue.ts"
import type { TableBatch } from "../model/table-batch.ts"
import { blankInRow } from "./blank-cells.ts"
import { type RowCells, RowValues } from "./row-values.ts"
import { runSchema } from "./run-schema.ts"
import type { SchemaColumn, SchemaVariant } from "./schema-column.ts"

/** A column as one kind, and the cells that cannot be read as it. */
export interface Reading {
  readonly column: Column<unknown>
  readonly failures: ReadonlyMap<number, Issue>
}

/** A column with cells that the object cannot have. */
interface StrictCells {
  readonly name: string
  readonly reading: Reading
  /** Whether an empty cell is one of them. */
  readonly refusesNull: boolean
}

/** The rows of a batch as one object of a union reads them. */
export class VariantRows {
  readonly variant: SchemaVariant
  /** The batch with the columns as the object reads them. */
  readonly batch: TableBatch
  readonly #values: RowValues
  readonly #strict: readonly StrictCells[]

  private constructor(variant: SchemaVariant, batch: TableBatch, cells: readonly RowCells[], strict: readonly StrictCells[]) {
    this.variant = variant
    this.batch = batch
    this.#values = new RowValues(cells)
    this.#strict = strict
  }

  /** `known` are the columns of all objects of the union. */
  static async of(
    variant: SchemaVariant,
    batch: TableBatch,
    known: ReadonlySet<string>,
    read: (column: SchemaColumn) => Reading,
  ): Promise<VariantRows> {
    const cells: RowCells[] = []
    const strict: StrictCells[] = []
    for (const column of variant.columns) {
      const { name } = column
      const reading = read(column)
      const blank = reading.column.nulls.count === 0 ? column.blank : await blankInRow(column)
      if (!column.catches && (blank === undefined || reading.failures.size > 0))
        strict.push({ name, reading, refusesNull: blank === undefined })
      cells.push({ name, column: reading.column, blank: blank ?? "absent" })
    }
    const typed = batch.withColumns(new Map(cells.map(({ name, column }) => [name, column])))
    return new VariantRows(variant, typed, [...cells, ...othersOf(variant, batch, known)], strict)
  }

  /** The row as an object. */
  at(row: number): { [name: string]: unknown } {
    return this.#values.at(row)
  }

  /** Whether the row says that it is this object, or says nothing about it. */
  mayBe(row: number): boolean {
    const { chosenBy } = this.variant
    return chosenBy === undefined || chosenBy.values.has(this.at(row)[chosenBy.column])
  }

  /** The cells that the object cannot have, whatever its schema says. */
  faults(row: number): readonly Issue[] {
    const faults: Issue[] = []
    for (const { name, reading, refusesNull } of this.#strict) {
      const failure = reading.failures.get(row)
      if (failure !== undefined) faults.push(failure)
      else if (refusesNull && reading.column.nulls.has(row)) faults.push(requiredIssue(name))
    }
    return faults
  }

  /** What the object's own schema says about a row. */
  verdict(row: number): StandardSchemaV1.Result<unknown> | Promise<StandardSchemaV1.Result<unknown>> {
    return runSchema(this.variant.schema, this.at(row))
  }
}

/** Columns that the object does not name. One that belongs to another object of the union is not there if it is empty. */
function othersOf({ columns, others }: SchemaVariant, batch: TableBatch, known: ReadonlySet<string>): readonly RowCells[] {
  if (others === "drop") return []
  const own = new Set(columns.map(({ name }) => name))
  return batch.names.flatMap((name): readonly RowCells[] => {
    const column = own.has(name) ? undefined : batch.column(name)
    if (column === undefined || column instanceof MissingColumn) return []
    return [{ name, column, blank: known.has(name) || others === "refuse" ? "absent" : "null" }]
  })
}
