import type { ColumnSpec } from "../../model/column-spec.ts"

/** The type of a column in a new table. */
export function columnType({ kind, precision, scale }: Pick<ColumnSpec, "kind" | "precision" | "scale">): string {
  switch (kind) {
    case "text":
      return "text"
    case "integer":
      return "bigint"
    case "number":
      return "double precision"
    case "decimal":
      return precision === undefined ? "numeric" : `numeric(${precision},${scale ?? 0})`
    case "date":
      return "date"
    case "timestamp":
      return "timestamptz"
    case "boolean":
      return "boolean"
    case "json":
      return "jsonb"
  }
}
