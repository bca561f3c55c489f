import type { ColumnSpec } from "../../model/column-spec.ts"
import { identifier } from "../sql/quoted-names.ts"
import { columnType } from "./column-type.ts"

/** The statement that creates a table, with the key of the mode as its primary key. */
export function createTableSql(table: string, columns: readonly ColumnSpec[], key: readonly string[] = []): string {
  const lines = columns.map((column) => {
    const required = !column.nullable || key.includes(column.name)
    return `${identifier(column.name)} ${columnType(column)}${required ? " NOT NULL" : ""}`
  })
  if (key.length > 0) lines.push(`PRIMARY KEY (${key.map(identifier).join(", ")})`)
  return `CREATE TABLE IF NOT EXISTS ${table} (\n  ${lines.join(",\n  ")}\n)`
}
