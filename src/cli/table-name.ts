import { type TableName, tableName } from "../postgres/sql/quoted-names.ts"
import { usageError } from "./usage-error.ts"

/** Reads `table`, `schema.table` or `"a.b"`, as `--table` and the configuration write it. */
export function parseTable(text: string, command: string): TableName {
  const name = tableName(text)
  if (name !== undefined) return name
  throw usageError(
    `--table is ${text}, which is neither TABLE nor SCHEMA.TABLE. Put a name that contains a dot in double quotes: '"a.b"'.`,
    command,
  )
}

/** The name as it would be written after `--table`. */
export function tableText({ schema, table }: TableName): string {
  return [schema, table]
    .flatMap((part) => (part === undefined ? [] : [/[".]/.test(part) ? `"${part.replaceAll('"', '""')}"` : part]))
    .join(".")
}

/** The name as deliveries in the ledger have it: parts without quotes. */
export function targetText(text: string | undefined, command: string): string | undefined {
  if (text === undefined) return undefined
  const { schema, table } = parseTable(text, command)
  return schema === undefined ? table : `${schema}.${table}`
}
