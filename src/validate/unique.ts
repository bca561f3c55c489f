import type { KeyCheck, KeyState } from "../contract/check.ts"
import type { Column } from "../model/column.ts"
import type { Selection } from "../model/selection.ts"
import { checkArgument } from "../options/check-argument.ts"
import { fullList, text } from "../options/option-kinds.ts"
import { DistinctKeys } from "../sketch/distinct-keys.ts"

/**
 * Checks that each key occurs only once in a run. Every occurrence after the first fails (`duplicate`) and costs uniqueness. As in SQL, a key
 * that contains null is never a duplicate.
 */
export function unique<const K extends string>(...columns: readonly [K, ...K[]]): KeyCheck<K> {
  checkArgument(
    "check.unique()",
    columns,
    fullList(text("the name of a column"), "names of columns, one after another"),
    "PIPELINE_INVALID",
  )
  return {
    kind: "key",
    name: `unique.${columns.join("+")}`,
    columns,
    dimension: "uniqueness",
    begin: () => new UniqueState(columns.join(", ")),
  }
}

class UniqueState implements KeyState {
  readonly #message: string
  readonly #keys = new DistinctKeys()

  constructor(label: string) {
    this.#message = `An earlier row has the same ${label}.`
  }

  test(columns: readonly Column<unknown>[], rows: Selection, fail: (row: number, message: string) => void): void {
    this.#keys.add(
      columns,
      (row) => rows.has(row),
      (row) => fail(row, this.#message),
    )
  }

  merge(other: KeyState): KeyState {
    if (!(other instanceof UniqueState)) throw new TypeError("Only states of the same check can be merged.")
    this.#keys.merge(other.#keys)
    return this
  }
}
