import { headerKey } from "../../binding/match-headers.ts"
import type { Dialect } from "../../contract/plan.ts"
import { shownText } from "../../errors/shown-text.ts"
import type { TableBatch } from "../../model/table-batch.ts"
import type { DiscardedColumn, TableFacts, TableNotice } from "../../model/table-facts.ts"

/** The facts of the tables that were read. */
export class DeliveryTables {
  readonly #seen = new Map<string, TableFacts>()

  add({ table }: Pick<TableBatch, "table">): void {
    const known = this.#seen.get(table.name)?.discarded
    const discarded = known === undefined ? table.discarded : sumOf(known, table.discarded ?? [])
    this.#seen.set(table.name, discarded === table.discarded || discarded === undefined ? table : { ...table, discarded })
  }

  /** The facts that were seen last of each table. */
  get all(): readonly TableFacts[] {
    return [...this.#seen.values()]
  }

  get header(): readonly string[] {
    return [...this.#seen.values()][0]?.header ?? []
  }

  get notices(): readonly TableNotice[] {
    const tables = this.all
    const own = tables.flatMap(({ notices = [], discarded = [] }) => [...notices, ...discarded.map(discardNotice)])
    return tables.length < 2 ? own : [...own, severalNotice(tables)]
  }

  /** For a report: how many lines or rows of the file are in no table. */
  get skipped(): { readonly skippedAbove?: number } {
    const count = [...this.#seen.values()].reduce((sum, { skippedAbove = 0 }) => sum + skippedAbove, 0)
    return count === 0 ? {} : { skippedAbove: count }
  }

  /** How each table was read, by its name. */
  get dialects(): readonly (readonly [table: string, facts: Dialect])[] {
    return [...this.#seen.values()].flatMap(({ name, facts }) => (facts === undefined ? [] : [[name, facts] as const]))
  }
}

function sumOf(one: readonly DiscardedColumn[], other: readonly DiscardedColumn[]): readonly DiscardedColumn[] {
  const sums = new Map(one.map(({ column, cells }) => [column, cells]))
  for (const { column, cells } of other) sums.set(column, (sums.get(column) ?? 0) + cells)
  return [...sums].map(([column, cells]) => ({ column, cells }))
}

function discardNotice({ column, cells }: DiscardedColumn): TableNotice {
  const lost =
    cells === 0 ? "None of its cells has a value." : cells === 1 ? "One of its cells has a value." : `${cells} of its cells have values.`
  return { code: "column.discarded", message: `The column "${shownText(column)}" is not declared and was left out. ${lost}`, column }
}

/** How many tables a notice names. */
const mostNamed = 10

function severalNotice(tables: readonly TableFacts[]): TableNotice {
  const names = tables.slice(0, mostNamed).map(({ name }) => `"${shownText(name)}"`)
  const rest = tables.length > names.length ? ` and ${tables.length - names.length} more` : ""
  const differ = new Set(tables.map(({ header }) => header.map(headerKey).sort().join("\0"))).size > 1
  const message = `The delivery has the rows of ${tables.length} tables: ${names.join(", ")}${rest}.${differ ? " Their headers differ." : ""}`
  return { code: "table.several", message }
}
