import type { Column } from "../../model/column.ts"
import type { ColumnSpec } from "../../model/column-spec.ts"
import type { TableBatch } from "../../model/table-batch.ts"

const kinds: { readonly [kind in Column<unknown>["kind"]]: ColumnSpec["kind"] } = {
  bytes: "text",
  dictionary: "text",
  number: "number",
  date: "timestamp",
  boolean: "boolean",
  value: "text",
}

/** The columns of the first batch, for pipelines that declare none. Their kinds follow from the layouts of its cells. */
export function batchColumnSpecs(batch: TableBatch<unknown>): ColumnSpec[] {
  return batch.names.map((name) => ({ name, kind: kinds[batch.column(name)?.kind ?? "value"], nullable: true }))
}
