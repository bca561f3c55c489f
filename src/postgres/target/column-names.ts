import { snakeCase } from "../sql/quoted-names.ts"

/** Names of the row columns in the database. */
export interface NamingOptions {
  readonly naming?: "exact" | "snake_case" | undefined
  readonly columns?: { readonly [column: string]: string | undefined } | undefined
}

/** A table, as far as its column names go. A table that does not exist yet has none. */
export interface NamedColumns {
  readonly columns: { has(name: string): boolean }
}

/**
 * The database column of a row column: the one that the options name, otherwise the column with exactly that name if the table has it, otherwise its
 * snake_case name.
 */
export function databaseColumn(column: string, { naming, columns }: NamingOptions, table: NamedColumns): string {
  const named = columns !== undefined && Object.hasOwn(columns, column) ? columns[column] : undefined
  if (named !== undefined) return named
  const isExact = naming === "exact" || (naming === undefined && table.columns.has(column))
  return isExact ? column : snakeCase(column)
}

/** Columns that record where a row came from. */
export const lineageColumns = [
  { name: "_run_id", kind: "text" },
  { name: "_file", kind: "text" },
  { name: "_row", kind: "integer" },
] as const
