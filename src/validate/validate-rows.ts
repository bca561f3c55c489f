import type { StandardSchemaV1 } from "@standard-schema/spec"
import { columnOf } from "../model/column-of.ts"
import type { TableBatch } from "../model/table-batch.ts"
import { RowValues } from "./row-values.ts"
import type { SchemaStructure } from "./schema-column.ts"
import { markIssues } from "./schema-issue.ts"

/** Rows as objects through the schema: for schemas that check across columns, or whose structure cannot be read. */
export async function validateRows<Out>(batch: TableBatch, schema: StandardSchemaV1, structure: SchemaStructure): Promise<TableBatch<Out>> {
  const leftOut = new Set(
    structure.columns?.flatMap(({ name, whenMissing }) => (whenMissing === "absent" || whenMissing === "schema" ? [name] : [])),
  )
  const rows = new RowValues(
    batch.names.flatMap((name) => {
      const column = batch.column(name)
      return column === undefined ? [] : [{ name, column, leaveOut: leftOut.has(name) }]
    }),
  )
  const output = new Map<string, unknown[]>()
  for (let row = 0; row < batch.length; row++) {
    if (batch.dropped(row)) continue
    const result = await verdict(batch, row, rows, schema)
    if (result.issues !== undefined) markIssues(batch, row, result.issues)
    else if (batch.selection.has(row)) {
      for (const [name, value] of Object.entries(result.value as object)) {
        const values = output.get(name) ?? new Array(batch.length)
        output.set(name, values)
        values[row] = value
      }
    }
  }
  // A column that no passing row of this batch fills is a column all the same: sinks see the same columns in every batch.
  const names = new Set([...(structure.columns ?? []).map(({ name }) => name), ...output.keys()])
  const columns = [...names].map((name) => columnOf(output.get(name) ?? [], batch.length))
  return batch.withShape<Out>({ names: [...names], columns, absent: leftOut })
}

/** A schema that cannot be read may want an empty cell as null or left out: null is tried first. */
async function verdict(
  batch: TableBatch,
  row: number,
  rows: RowValues,
  schema: StandardSchemaV1,
): Promise<StandardSchemaV1.Result<unknown>> {
  const given = schema["~standard"].validate(rows.at(row))
  const result = given instanceof Promise ? await given : given
  if (result.issues === undefined) return result
  const empty = new Set(batch.names.filter((name) => batch.column(name)?.nulls.has(row)))
  if (empty.size === 0) return result
  const again = schema["~standard"].validate(rows.at(row, empty))
  const second = again instanceof Promise ? await again : again
  return second.issues === undefined ? second : result
}
