import type { StandardSchemaV1 } from "@standard-schema/spec"
import type { TableBatch } from "../model/table-batch.ts"
import { blankInRow, requireCells } from "./blank-cells.ts"
import { RowOutput } from "./row-output.ts"
import { type RowCells, RowValues } from "./row-values.ts"
import { runSchema } from "./run-schema.ts"
import type { SchemaStructure } from "./schema-column.ts"
import { columnOfIssue, markIssues } from "./schema-issue.ts"

type Result = StandardSchemaV1.Result<unknown>

/** Passes rows through the schema as objects, for schemas that change whole rows or whose structure cannot be read. */
export class RowValidation {
  readonly #schema: StandardSchemaV1
  readonly #structure: SchemaStructure
  /** Columns that are left out of the row if they are null. */
  readonly #leftOut: ReadonlySet<string>
  /** A column without values in this batch is still a column: sinks must see the same columns in every batch. */
  readonly #names: Set<string>

  constructor(schema: StandardSchemaV1, structure: SchemaStructure) {
    this.#schema = schema
    this.#structure = structure
    const columns = structure.columns ?? []
    this.#leftOut = new Set(
      columns.flatMap(({ name, whenMissing, orNull }) => (whenMissing === "absent" || (whenMissing === "schema" && !orNull) ? [name] : [])),
    )
    this.#names = new Set(structure.reshapes ? [] : columns.map(({ name }) => name))
  }

  async validate<Out>(batch: TableBatch): Promise<TableBatch<Out>> {
    const rows = new RowValues(await this.#cells(batch))
    const output = new RowOutput(batch.length, this.#leftOut)
    for (let row = 0; row < batch.length; row++) {
      if (batch.dropped(row)) continue
      const given = this.#verdict(batch, row, rows)
      const result = given instanceof Promise ? await given : given
      if (result.issues !== undefined) markIssues(batch, row, result.issues, this.#structure)
      else if (batch.selection.has(row)) output.set(row, result.value)
    }
    return output.batch<Out>(batch, this.#names, this.#structure.reshapes)
  }

  /** The cells of the rows. An empty cell that the schema must not see rejects its row. */
  async #cells(batch: TableBatch): Promise<readonly RowCells[]> {
    const columns = new Map(this.#structure.columns?.map((column) => [column.name, column]))
    const cells: RowCells[] = []
    for (const name of batch.names) {
      const found = batch.column(name)
      if (found === undefined) continue
      const column = columns.get(name)
      const blank = column === undefined ? "null" : found.nulls.count === 0 ? column.blank : await blankInRow(column)
      if (blank === undefined && column?.catches !== true) requireCells(batch, found, name)
      cells.push({ name, column: found, blank: blank ?? "absent" })
    }
    return cells
  }

  /**
   * A schema without a readable structure may want an empty cell as null or left out. Null is tried first. Then the empty cells that the schema
   * rejected are left out; all of them if it did not name them.
   */
  #verdict(batch: TableBatch, row: number, rows: RowValues): Result | Promise<Result> {
    const first = runSchema(this.#schema, rows.at(row))
    if (this.#structure.columns !== undefined) return first
    return first instanceof Promise || first.issues !== undefined ? this.#secondVerdict(batch, row, rows, first) : first
  }

  async #secondVerdict(batch: TableBatch, row: number, rows: RowValues, given: Result | Promise<Result>): Promise<Result> {
    const first = await given
    if (first.issues === undefined) return first
    const empty = batch.names.filter((name) => batch.column(name)?.nulls.has(row))
    if (empty.length === 0) return first
    const blamed = new Set(first.issues.map(columnOfIssue))
    const named = empty.filter((name) => blamed.has(name))
    const second = await runSchema(this.#schema, rows.at(row, new Set(named.length > 0 ? named : empty)))
    if (second.issues === undefined) return second
    // An empty cell that passed when it was left out is not a reason. For the others, the row has null.
    const still = new Set(second.issues.map(columnOfIssue))
    const reasons = first.issues.filter((issue) => still.has(columnOfIssue(issue)))
    return { issues: reasons.length > 0 ? reasons : second.issues }
  }
}
