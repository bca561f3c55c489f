import type { StandardSchemaV1 } from "@standard-schema/spec"
import type { Context } from "../contract/context.ts"
import type { TableBatch } from "../model/table-batch.ts"
import { RowValidation } from "./row-validation.ts"
import type { SchemaStructure } from "./schema-column.ts"
import { SchemaReader } from "./schema-reader.ts"
import { validateColumns } from "./validate-columns.ts"

/** The work of `validate` on one delivery. It is loaded with the first batch, because many programs only define their pipeline. */
export class Validation {
  readonly #schema: StandardSchemaV1
  readonly #structure: SchemaStructure
  readonly #reader: SchemaReader
  readonly #rows: RowValidation

  constructor(schema: StandardSchemaV1, structure: SchemaStructure, context: Context) {
    this.#schema = schema
    this.#structure = structure
    this.#reader = new SchemaReader(structure, context)
    this.#rows = new RowValidation(schema, structure)
  }

  async validate<Out>(batch: TableBatch): Promise<TableBatch<Out>> {
    const read = this.#reader.read(batch)
    const { whole, columns } = this.#structure
    const valid =
      whole || columns === undefined
        ? await this.#rows.validate<Out>(read)
        : await validateColumns<Out>(read, this.#schema, this.#structure, columns)
    return withEvolving(valid, read)
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
