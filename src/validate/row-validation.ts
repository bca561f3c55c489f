import type { StandardSchemaV1 } from "@standard-schema/spec"
import { markRequired } from "../binding/mark-required.ts"
import { RowgateError } from "../errors/rowgate-error.ts"
import { columnOf } from "../model/column-of.ts"
import type { TableBatch } from "../model/table-batch.ts"
import { RowValues } from "./row-values.ts"
import { runSchema } from "./run-schema.ts"
import type { SchemaStructure } from "./schema-column.ts"
import { columnOfIssue, markIssues } from "./schema-issue.ts"

type Result = StandardSchemaV1.Result<unknown>

/** Passes rows through the schema as objects, for schemas that check across columns or whose structure cannot be read. */
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
      columns.flatMap(({ name, whenMissing }) => (whenMissing === "absent" || whenMissing === "schema" ? [name] : [])),
    )
    this.#names = new Set(structure.reshapes ? [] : columns.map(({ name }) => name))
  }

  async validate<Out>(batch: TableBatch): Promise<TableBatch<Out>> {
    const rows = new RowValues(
      batch.names.flatMap((name) => {
        const column = batch.column(name)
        return column === undefined ? [] : [{ name, column, leaveOut: this.#leftOut.has(name) }]
      }),
    )
    const output = new RowOutput(batch.length, this.#leftOut)
    for (let row = 0; row < batch.length; row++) {
      if (batch.dropped(row)) continue
      this.#markCoerced(batch, row)
      const result = await this.#verdict(batch, row, rows)
      if (result.issues !== undefined) markIssues(batch, row, result.issues, this.#structure)
      else if (batch.selection.has(row)) output.set(row, result.value)
    }
    for (const name of output.names) this.#names.add(name)
    if (!this.#structure.reshapes) output.keepRead(batch, this.#names)
    return batch.withShape<Out>(output.shape(this.#names))
  }

  /** Coercion turns null into a value, so an empty cell that requires a value fails before it gets there. */
  #markCoerced(batch: TableBatch, row: number): void {
    for (const { name, coerces, whenMissing } of this.#structure.columns ?? []) {
      if (!coerces || whenMissing !== "required" || batch.column(name)?.nulls.has(row) !== true) continue
      if (!batch.issues.concerns(row, name)) markRequired(batch, row, name)
    }
  }

  /**
   * A schema without a readable structure may want an empty cell as null or left out. Null is tried first. Then the empty cells that the schema
   * rejected are left out; all of them if it did not name them.
   */
  async #verdict(batch: TableBatch, row: number, rows: RowValues): Promise<Result> {
    const first = await runSchema(this.#schema, rows.at(row))
    if (first.issues === undefined || this.#structure.columns !== undefined) return first
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

/** What a schema returned for the rows of a batch, by column. */
class RowOutput {
  readonly #length: number
  readonly #columns = new Map<string, unknown[]>()
  readonly #absent: Set<string>
  readonly #filled: number[] = []

  constructor(length: number, absent: ReadonlySet<string>) {
    this.#length = length
    this.#absent = new Set(absent)
  }

  get names(): IterableIterator<string> {
    return this.#columns.keys()
  }

  set(row: number, value: unknown): void {
    if (typeof value !== "object" || value === null || Array.isArray(value)) throw notARow(value)
    this.#filled.push(row)
    for (const [name, part] of Object.entries(value)) {
      const values = this.#columns.get(name) ?? new Array(this.#length)
      this.#columns.set(name, values)
      values[row] = part
    }
  }

  /** Failed rows keep the cells that have their column's kind, because key checks see every row. */
  keepRead(batch: TableBatch, names: ReadonlySet<string>): void {
    for (const row of batch.rejected()) batch.distrust(row)
    for (const name of names) {
      const cells = batch.column(name)
      const values = this.#columns.get(name) ?? new Array(this.#length)
      const kind = kindOf(values[this.#filled.find((row) => values[row] !== null && values[row] !== undefined) ?? -1])
      for (const row of batch.rejected()) {
        const cell = cells?.at(row)
        if (kind === "undefined" || kindOf(cell) === kind) values[row] = cell
      }
      this.#columns.set(name, values)
    }
  }

  shape(given: ReadonlySet<string>) {
    const names = [...given]
    const columns = names.map((name) => columnOf(this.#columns.get(name) ?? [], this.#length))
    const left = names.filter((name) => this.#isLeftOut(name))
    return { names, columns, absent: new Set([...this.#absent, ...left]) }
  }

  /** Whether the schema left the column out of some row, and set it to null in none. */
  #isLeftOut(name: string): boolean {
    const values = this.#columns.get(name) ?? []
    return this.#filled.some((row) => values[row] === undefined) && this.#filled.every((row) => values[row] !== null)
  }
}

function kindOf(value: unknown): string {
  return value instanceof Date ? "date" : value === null ? "undefined" : typeof value
}

function notARow(value: unknown): RowgateError {
  return new RowgateError({
    code: "SCHEMA_INVALID",
    message: `The schema returns ${Array.isArray(value) ? "a list" : value === null ? "null" : `a ${typeof value}`} for a row.`,
    remedy: "Use a schema that returns objects, such as z.object({ ... }).",
  })
}
