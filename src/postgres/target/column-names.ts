import { shortName } from "../../model/short-name.ts"
import { snakeCase } from "../sql/quoted-names.ts"

/** Names of the row columns in the database. */
export interface NamingOptions {
  readonly naming?: "exact" | "snake_case" | undefined
  readonly columns?: { readonly [column: string]: string | undefined } | undefined
}

/** A table, as far as its column names go. A table that does not exist yet has none. */
export interface NamedColumns {
  readonly columns: { has(name: string): boolean }
  /** The database column of each row column that is known. */
  readonly names?: ReadonlyMap<string, string> | undefined
}

/** Every table has these columns, so that no other column can have their names. */
const systemColumns: ReadonlySet<string> = new Set(["tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"])

/** The database column of a row column: the one that `withNames` has found, otherwise the one that it would have if it were alone. */
export function databaseColumn(column: string, options: NamingOptions, table: NamedColumns): string {
  return table.names?.get(column) ?? nameAlone(column, options, table)
}

/**
 * The table with names for these row columns. If several would have the same name, the column that has it already in the rows keeps it, and the
 * others get a number, in the order of their letters: files that have the same columns in another order must fill the table in the same way.
 */
export function withNames<T extends NamedColumns>(table: T, columns: readonly string[], options: NamingOptions): T {
  const names = new Map(table.names)
  const rest: string[] = []
  for (const column of columns) {
    if (names.has(column)) continue
    const name = nameAlone(column, options, table)
    if (name !== column && explicitName(column, options) === undefined) rest.push(column)
    else names.set(column, name)
  }
  const taken = new Set(names.values())
  // Where counting continues: thousands of columns may want one name.
  const counted = new Map<string, number>()
  for (const column of rest.sort()) {
    const wanted = nameAlone(column, options, table)
    let name = wanted
    let number = counted.get(wanted) ?? 2
    while (taken.has(name)) name = shortName(wanted, `_${number++}`)
    counted.set(wanted, number)
    taken.add(name)
    names.set(column, name)
  }
  return { ...table, names }
}

/** The row columns whose names were taken, and the names that they got instead. */
export function renamedColumns(table: NamedColumns, options: NamingOptions): readonly (readonly [column: string, name: string])[] {
  return [...(table.names ?? [])].filter(([column, name]) => name !== plainName(column, options, table))
}

/**
 * Columns of a file that may belong elsewhere: the table has a numbered column for one more of the same name, which the file does not fill. If another
 * file had both, this one may have the number there. A table with `address` and `address_2` may as well have been made for these two headers, so a
 * header of plain words is in doubt only beside another one of the same name.
 */
export function doubtfulColumns(table: NamedColumns, options: NamingOptions): readonly DoubtfulColumn[] {
  const names = table.names ?? new Map<string, string>()
  const taken = new Set(names.values())
  const wishes = new Map<string, number>()
  for (const column of names.keys()) {
    const wanted = nameAlone(column, options, table)
    wishes.set(wanted, (wishes.get(wanted) ?? 0) + 1)
  }
  return [...names].flatMap(([column, name]) => {
    if (name === column || explicitName(column, options) !== undefined) return []
    const wanted = nameAlone(column, options, table)
    if (plainWords.test(column) && wishes.get(wanted) === 1) return []
    let number = 2
    while (taken.has(shortName(wanted, `_${number}`))) number++
    const unfilled = shortName(wanted, `_${number}`)
    return table.columns.has(unfilled) ? [{ column, name, unfilled }] : []
  })
}

const plainWords = /^[\p{L}\p{N} _-]+$/u

/** A column of the rows, the one of the table that it goes to, and the one to which it may belong. */
export interface DoubtfulColumn {
  readonly column: string
  readonly name: string
  readonly unfilled: string
}

/** The column that the options name, otherwise the column with exactly that name if the table has it, otherwise its snake_case name. */
function nameAlone(column: string, options: NamingOptions, table: NamedColumns): string {
  const name = plainName(column, options, table)
  return systemColumns.has(name) && explicitName(column, options) === undefined ? `${name}_column` : name
}

function plainName(column: string, options: NamingOptions, table: NamedColumns): string {
  const named = explicitName(column, options)
  if (named !== undefined) return named
  const { naming } = options
  const isExact = naming === "exact" || (naming === undefined && table.columns.has(column))
  // A name without letters and digits, such as "%", has no other form.
  return isExact ? column : shortName(snakeCase(column)) || column
}

function explicitName(column: string, { columns }: NamingOptions): string | undefined {
  return columns !== undefined && Object.hasOwn(columns, column) ? columns[column] : undefined
}

/** Columns that record where a row came from. */
export const lineageColumns = [
  { name: "_run_id", kind: "text" },
  { name: "_file", kind: "text" },
  { name: "_row", kind: "integer" },
] as const
