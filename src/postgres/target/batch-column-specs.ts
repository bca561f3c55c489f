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

/** What the first batch tells of columns that nothing declares: the layouts that its cells were found in. */
export function batchColumnSpecs(batch: TableBatch<unknown>): ColumnSpec[] {
  return batch.names.map((name) => ({ name, kind: kinds[batch.column(name)?.kind ?? "value"], nullable: true }))
}
