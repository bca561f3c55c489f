import type { ColumnSpec } from "../../../model/column-spec.ts"
import { identifier } from "../names.ts"

/** The type that a column gets in a table that is made for it. */
function columnType({ kind, precision, scale }: Pick<ColumnSpec, "kind" | "precision" | "scale">): string {
  switch (kind) {
    case "text":
      return "text"
    case "integer":
      return "bigint"
    case "number":
      return "double precision"
    case "decimal":
      return precision === undefined ? "numeric" : `numeric(${precision}, ${scale ?? 0})`
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

/** The statement that makes a table, with its key where the mode has one. */
export function createTableSql(table: string, columns: readonly ColumnSpec[], key: readonly string[] = []): string {
  const lines = columns.map((column) => {
    const required = !column.nullable || key.includes(column.name)
    return `${identifier(column.name)} ${columnType(column)}${required ? " NOT NULL" : ""}`
  })
  if (key.length > 0) lines.push(`PRIMARY KEY (${key.map(identifier).join(", ")})`)
  return `CREATE TABLE IF NOT EXISTS ${table} (\n  ${lines.join(",\n  ")}\n)`
}
