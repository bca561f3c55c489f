import type { Column } from "../model/column.ts"
import type { ColumnSpec } from "../model/column-spec.ts"

const kinds: { readonly [kind in Column<unknown>["kind"]]: ColumnSpec["kind"] } = {
  bytes: "text",
  dictionary: "text",
  number: "number",
  date: "timestamp",
  boolean: "boolean",
  value: "text",
}

/** The kind of an undeclared column, from the layout of its cells; null if no cell has a value. */
export function kindOfColumn({ kind, nulls, length }: Column<unknown>): ColumnSpec["kind"] | null {
  return nulls.count === length ? null : kinds[kind]
}
