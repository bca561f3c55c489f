import type { Connection } from "../connection/database.ts"
import type { AnyLoadOptions } from "../load-modes.ts"
import { databaseColumn, withNames } from "./column-names.ts"
import { namedTable, targetTable } from "./target-table.ts"

/** Which columns of the rows go into a column of texts. None if the table does not exist yet. */
export async function textColumns(
  connection: Connection,
  columns: readonly string[],
  options: AnyLoadOptions,
): Promise<ReadonlySet<string>> {
  const found = await targetTable(connection, namedTable(options.table, options.schema))
  if (found === undefined) return new Set()
  const table = withNames(found, columns, options)
  return new Set(columns.filter((column) => table.columns.get(databaseColumn(column, options, table))?.format.kind === "text"))
}
