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
    return [
      ...[...this.#seen.values()].flatMap(({ notices = [], discarded = [] }) => [...notices, ...discarded.map(discardNotice)]),
      ...this.#mixed,
    ]
  }

  /** Says that a delivery mixes tables that have no more than a file in common. */
  get #mixed(): readonly TableNotice[] {
    const [first, ...others] = this.#seen.values()
    const other = others.find((each) => first !== undefined && !isAlike(first, each))
    if (first === undefined || other === undefined) return []
    const names = `"${shownText(first.name)}" and "${shownText(other.name)}"`
    return [{ code: "table.mixed", message: `The tables ${names} have few columns in common, but their rows are delivered as one table.` }]
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

/** Whether two tables have at least half of the columns of the narrower one in common. A table without columns is like any other. */
function isAlike(one: TableFacts, other: TableFacts): boolean {
  const keys = new Set(one.header.map(headerKey))
  const others = new Set(other.header.map(headerKey))
  const shared = [...keys].filter((key) => others.has(key)).length
  return shared * 2 >= Math.min(keys.size, others.size)
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
