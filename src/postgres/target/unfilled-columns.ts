import { proposedHeaders } from "../../binding/nearest-headers.ts"
import { shownText } from "../../errors/shown-text.ts"
import { lineageColumns } from "./column-names.ts"
import type { TargetTable } from "./target-table.ts"

/** How many columns a message names. */
const mostNamed = 20

/** The columns of the table that nothing fills: neither the rows, nor a default, nor the load itself, which fills those in `own`. */
export function unfilledColumns({ columns }: TargetTable, filled: ReadonlySet<string>, own: readonly string[] = []): readonly string[] {
  const ofLoad = new Set([...own, ...lineageColumns.map(({ name }) => name)])
  return [...columns.values()]
    .filter(({ name, hasDefault, generated }) => !hasDefault && !generated && !filled.has(name) && !ofLoad.has(name))
    .map(({ name }) => name)
}

/** Which columns of the file may be columns of the table under another name, as sentences that begin with a space; empty if none is alike. */
export function renamedText(unfilled: readonly string[], surplus: readonly string[]): string {
  const columns = unfilled.slice(0, mostNamed).map((name) => ({ name, aliases: [] }))
  const pairs = [...proposedHeaders(columns, surplus)].map(([name, { header }]) => `"${shownText(header)}" is ${name} under another name`)
  return pairs.length === 0 ? "" : ` Perhaps ${pairs.join(", and ")}.`
}

/** A list of columns for a message. */
export function columnList(names: readonly string[]): string {
  const more = names.length - mostNamed
  return `${names
    .slice(0, mostNamed)
    .map((name) => shownText(name))
    .join(", ")}${more > 0 ? ` and ${more} more` : ""}`
}
