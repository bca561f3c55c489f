import type { Dialect } from "../../contract/plan.ts"
import type { TableBatch } from "../../model/table-batch.ts"
import type { TableFacts, TableNotice } from "../../model/table-facts.ts"

/** The facts of the tables that were read. */
export class DeliveryTables {
  readonly #seen = new Map<string, TableFacts>()

  add({ table }: Pick<TableBatch, "table">): void {
    this.#seen.set(table.name, table)
  }

  /** The facts that were seen last of each table. */
  get all(): readonly TableFacts[] {
    return [...this.#seen.values()]
  }

  get header(): readonly string[] {
    return [...this.#seen.values()][0]?.header ?? []
  }

  get notices(): readonly TableNotice[] {
    return [...this.#seen.values()].flatMap(({ notices }) => notices ?? [])
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
