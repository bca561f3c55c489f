import type { StandardSchemaV1 } from "@standard-schema/spec"
import type { Context } from "../contract/context.ts"
import type { TableBatch } from "../model/table-batch.ts"
import { RowValidation } from "./row-validation.ts"
import type { SchemaStructure } from "./schema-column.ts"
import { SchemaReader } from "./schema-reader.ts"
import { UnionValidation } from "./union-validation.ts"
import { type TestedColumn, testedColumns, validateColumns } from "./validate-columns.ts"

/** The work of `validate` on one delivery. It is loaded with the first batch, because many programs only define their pipeline. */
export class Validation {
  readonly #schema: StandardSchemaV1
  readonly #structure: SchemaStructure
  readonly #reader: SchemaReader
  readonly #rows: RowValidation | UnionValidation
  /** Undefined if rows have to go through the schema as a whole. */
  readonly #columns: readonly TestedColumn[] | undefined
  /** Whether a check of the object has changed a row. */
  #changesRows = false

  constructor(schema: StandardSchemaV1, structure: SchemaStructure, context: Context) {
    this.#schema = schema
    this.#structure = structure
    this.#reader = new SchemaReader(structure, context)
    const { whole, columns, union } = structure
    this.#columns = whole || columns === undefined ? undefined : testedColumns(columns)
    this.#rows = union === undefined ? new RowValidation(schema, structure) : new UnionValidation(schema, structure, union, this.#reader)
  }

  async validate<Out>(batch: TableBatch): Promise<TableBatch<Out>> {
    const read = this.#reader.read(batch)
    return withEvolving((await this.#validateColumns<Out>(read)) ?? (await this.#rows.validate<Out>(read)), read)
  }

  async #validateColumns<Out>(read: TableBatch): Promise<TableBatch<Out> | undefined> {
    if (this.#columns === undefined || this.#changesRows) return undefined
    const valid = await validateColumns<Out>(read, this.#schema, this.#structure, this.#columns)
    this.#changesRows = valid === undefined
    return valid
  }

  /** Called after the last batch. */
  end(): void {
    this.#reader.end()
  }
}

/** The rows with the columns that evolve, which the schema may have dropped. */
function withEvolving<Out>(valid: TableBatch<Out>, read: TableBatch): TableBatch<Out> {
  const dropped = (read.table.evolving ?? []).filter((name) => !valid.names.includes(name))
  if (dropped.length === 0) return valid
  const columns = dropped.flatMap((name) => {
    const column = read.column(name)
    return column === undefined ? [] : [[name, column] as const]
  })
  return valid.withColumns<Out>(new Map(columns))
}
