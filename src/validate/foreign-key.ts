import { createHash } from "node:crypto"
import type { RunCheck } from "../contract/check.ts"
import type { Context } from "../contract/context.ts"
import { shownText } from "../errors/shown-text.ts"
import type { Column } from "../model/column.ts"
import { checkArgument } from "../options/check-argument.ts"
import type { OptionKind } from "../options/option-kind.ts"
import { kind, text } from "../options/option-kinds.ts"
import { unknownColumn } from "./unknown-column.ts"

/** The possible types of a key. */
export type AnyKey = string | number | Date

/** Known keys, which rowgate reads when a delivery begins. */
export interface KnownKeys<out V> {
  /** How messages name the keys: `the known countries` gives `"XX" is not among the known countries.` */
  readonly name: string
  /** Returns the keys. rowgate calls it once for each delivery. */
  keys(context: Context): Iterable<V> | AsyncIterable<V>
}

/** The type of a column with such keys. */
export type Widened<V> = V extends string ? string : V extends number ? number : V

/**
 * Checks that the value is one of the known keys, or null. A failure (`foreignKey.unknown`) costs consistency.
 *
 * @example
 * ```ts run
 * import { check, createPipeline } from "rowgate"
 *
 * const orders = createPipeline({ name: "orders" }).fromRows([{ country: "DE" }, { country: "XX" }]).check(check.foreignKey("country", ["DE", "FR"]))
 * for await (const { country } of orders.rows()) console.log(country) // => DE
 * ```
 */
export function foreignKey<const K extends string, V extends AnyKey>(
  column: K,
  known: KnownKeys<V> | readonly V[],
): RunCheck<{ readonly [P in K]?: Widened<V> | null | undefined }> {
  checkArgument("The column of check.foreignKey()", column, text("the name of a column"), "PIPELINE_INVALID")
  checkArgument("The known keys of check.foreignKey()", known, knownKind(), "PIPELINE_INVALID")
  const source = isList(known) ? "the known values" : known.name
  return {
    kind: "run",
    name: `foreignKey.${column}`,
    columns: [column],
    dimension: "consistency",
    fixedState: true,
    parameters: isList(known) ? { keys: listHash(known) } : { keys: source },
    async begin(context) {
      const keys = new Set<string | number>()
      for await (const key of isList(known) ? known : known.keys(context)) keys.add(comparable(key))
      return keys
    },
    test(batch, state, fail) {
      const keys = state as ReadonlySet<unknown>
      const cells: Column<unknown> | undefined = new Map<string, Column<unknown>>(Object.entries(batch.columns)).get(column)
      // Rows of JSON, or of a program, may have the column only later.
      if (cells === undefined && batch.table.growing === true) return
      if (cells === undefined) throw unknownColumn(`foreignKey.${column}`, column, Object.keys(batch.columns))
      for (const row of batch.selection) {
        const value = cells.at(row)
        if (value === null || keys.has(value instanceof Date ? value.getTime() : value)) continue
        fail(row, { code: "foreignKey.unknown", message: `${shownText(JSON.stringify(value))} is not among ${source}.`, column })
      }
    },
  }
}

/** A list of keys, or keys that are read later. */
export function knownKind<T>(): OptionKind<T> {
  return kind("a list, or an object with the function keys", (value) => Array.isArray(value) || typeof Object(value).keys === "function")
}

/** A list of keys may be long, and the order of its keys does not matter. */
function listHash(keys: readonly AnyKey[]): string {
  const sorted = keys.map((key) => JSON.stringify(comparable(key))).sort()
  return createHash("sha256").update(sorted.join()).digest("hex").slice(0, 16)
}

function isList<V>(known: KnownKeys<V> | readonly V[]): known is readonly V[] {
  return Array.isArray(known)
}

function comparable(key: AnyKey): string | number {
  return key instanceof Date ? key.getTime() : key
}
