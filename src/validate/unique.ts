import type { KeyCheck } from "../contract/check.ts"
import type { KeyRows } from "../contract/check-states.ts"
import { checkArgument } from "../options/check-argument.ts"
import { fullList, text } from "../options/option-kinds.ts"

/**
 * Checks that each key occurs only once in a run. Every occurrence after the first fails (`duplicate`) and costs uniqueness. As in SQL, a key
 * that contains null is never a duplicate.
 *
 * @example
 * ```ts run
 * import { check, createPipeline } from "rowgate"
 *
 * const orders = createPipeline({ name: "orders" }).fromRows([{ id: 1 }, { id: 1 }, { id: 2 }]).check(check.unique("id"))
 * for await (const { id } of orders.rows()) console.log(id)
 * // => 1
 * // => 2
 * ```
 */
export function unique<const K extends string>(...columns: readonly [K, ...K[]]): KeyCheck<K> {
  checkArgument(
    "check.unique()",
    columns,
    fullList(text("the name of a column"), "names of columns, one after another"),
    "PIPELINE_INVALID",
  )
  const message = `An earlier row has the same ${columns.join(", ")}.`
  return {
    kind: "key",
    name: `unique.${columns.join("+")}`,
    columns,
    dimension: "uniqueness",
    begin: beginKeys,
    test(cells, rows, state, fail) {
      const keys = state as KeyRows
      keys.add(
        cells,
        (row) => rows.has(row),
        (row) => fail(row, message),
      )
    },
    end: (state) => (state as KeyRows).close?.(),
  }
}

/** Every `unique` has this function, by which the stage tells it from other checks: the parts of a file share its keys in their own way. */
export async function beginKeys(): Promise<KeyRows> {
  const { DistinctKeys } = await import("../sketch/distinct-keys.ts")
  const { ScratchFile } = await import("../files/scratch-file.ts")
  return new DistinctKeys({ openFile: () => new ScratchFile() })
}
