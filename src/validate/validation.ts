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

  validate<Out>(batch: TableBatch): Promise<TableBatch<Out>> {
    const read = this.#reader.read(batch)
    const { whole, columns } = this.#structure
    return whole || columns === undefined
      ? this.#rows.validate<Out>(read)
      : validateColumns<Out>(read, this.#schema, this.#structure, columns)
  }

  /** Called after the last batch. */
  end(): void {
    this.#reader.end()
  }
}
