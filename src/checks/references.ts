import { quoted } from "../cells/readers/quoted.ts"
import type { KeyCheck } from "../contract/check.ts"
import { checkArgument } from "../options/check-argument.ts"
import { fullList, text } from "../options/option-kinds.ts"
import { type AnyKey, type KnownKeys, knownKind } from "../validate/foreign-key.ts"
import { cellText } from "./cell-text.ts"
import { KnownTexts } from "./known-texts.ts"

/**
 * Checks that several columns together are a known key, such as shop and order number in a file of orders: `references(["shop", "orderNo"], keysFrom(orders,
 * ["shop", "orderNo"]))`. A key takes 16 to 32 bytes. A key with an empty cell is not judged. A failure (`foreignKey.unknown`) blames the last column and
 * costs consistency.
 */
export function references<const K extends string>(
  columns: readonly [K, ...K[]],
  known: KnownKeys<readonly unknown[]> | readonly (readonly AnyKey[])[],
): KeyCheck<K> {
  checkArgument(
    "The first argument of references()",
    columns,
    fullList(text("the name of a column"), "a list of column names") as never,
    "PIPELINE_INVALID",
  )
  checkArgument("The keys of references()", known, knownKind(), "PIPELINE_INVALID")
  const source = Array.isArray(known) ? undefined : (known as KnownKeys<readonly unknown[]>)
  const named = source?.name ?? "the known keys"
  return {
    kind: "key",
    name: `references.${columns.join("+")}`,
    columns,
    judges: columns.slice(-1),
    dimension: "consistency",
    parameters: { columns, keys: named },
    fixedState: true,
    async begin(context) {
      const keys = new KnownTexts(columns.map((column) => context.decimals?.has(column) === true))
      for await (const key of source?.keys(context) ?? (known as readonly (readonly unknown[])[])) keys.add(key)
      return keys
    },
    test(cells, rows, state, fail) {
      for (const row of rows) {
        if (cells.some((column) => column.nulls.has(row))) continue
        const texts = cells.map((column) => cellText(column, row))
        if ((state as KnownTexts).has(texts)) continue
        fail(row, { code: "foreignKey.unknown", message: `${texts.map(quoted).join(", ")} is not among ${named}.`, column: columns.at(-1) })
      }
    },
  }
}
