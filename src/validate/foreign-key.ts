import type { RunCheck } from "../contract/check.ts"
import type { Context } from "../contract/context.ts"
import { shownText } from "../errors/shown-text.ts"
import type { Column } from "../model/column.ts"
import { TableBatch } from "../model/table-batch.ts"

/** What keys can be. */
export type AnyKey = string | number | Date

/** Known keys, read once when the run begins. */
export interface KnownKeys<out V> {
  /** For messages: `the table of countries`. */
  readonly name: string
  /** The keys; asked once a delivery. */
  keys(context: Context): Iterable<V> | AsyncIterable<V>
}

/** The type that a column of such keys has. */
export type Widened<V> = V extends string ? string : V extends number ? number : V

/** The value is among the known keys, or null. Costs consistency. */
export function foreignKey<const K extends string, V extends AnyKey>(
  column: K,
  known: KnownKeys<V> | readonly V[],
): RunCheck<{ readonly [P in K]?: Widened<V> | null | undefined }> {
  const source = isList(known) ? "the known values" : known.name
  return {
    kind: "run",
    name: `foreignKey.${column}`,
    columns: [column],
    dimension: "consistency",
    async begin(context) {
      const keys = new Set<string | number>()
      for await (const key of isList(known) ? known : known.keys(context)) keys.add(comparable(key))
      return keys
    },
    test(batch, state, fail) {
      const keys = state as ReadonlySet<unknown>
      const cells: Column<unknown> | undefined = new Map<string, Column<unknown>>(Object.entries(batch.columns)).get(column)
      if (cells === undefined) return
      // Failed rows too, as long as this cell could be read: a row keeps all its reasons, and the score counts every cell.
      for (const row of batch instanceof TableBatch ? batch.kept() : batch.selection) {
        const value = cells.at(row)
        if (value === null || keys.has(value instanceof Date ? value.getTime() : value)) continue
        fail(row, { code: "foreignKey.unknown", message: `${shownText(JSON.stringify(value))} is not among ${source}`, column })
      }
    },
    merge: (one) => one,
  }
}

function isList<V>(known: KnownKeys<V> | readonly V[]): known is readonly V[] {
  return Array.isArray(known)
}

function comparable(key: AnyKey): string | number {
  return key instanceof Date ? key.getTime() : key
}
