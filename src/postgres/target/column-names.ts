import { snakeCase } from "../sql/quoted-names.ts"

/** Names of the row columns in the database. */
export interface NamingOptions {
  readonly naming?: "same" | "snake_case" | undefined
  readonly columns?: { readonly [column: string]: string | undefined } | undefined
}

/** The database column of a row column. */
export function databaseColumn(column: string, { naming, columns }: NamingOptions): string {
  const named = columns !== undefined && Object.hasOwn(columns, column) ? columns[column] : undefined
  return named ?? (naming === "snake_case" ? snakeCase(column) : column)
}

/** Columns that record where a row came from. */
export const lineageColumns = [
  { name: "_run_id", kind: "text" },
  { name: "_file", kind: "text" },
  { name: "_row", kind: "integer" },
] as const
