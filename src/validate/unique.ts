import type { KeyCheck, KeyState } from "../contract/check.ts"
import type { Column } from "../model/column.ts"
import type { Selection } from "../model/selection.ts"
import { DistinctKeys } from "../sketch/distinct-keys.ts"

/**
 * No other row of the run has this key. Each occurrence after the first is set aside and costs uniqueness. A key with a null in it is no
 * key, as in SQL.
 */
export function unique<const K extends string>(...columns: readonly [K, ...K[]]): KeyCheck<K> {
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
    this.#message = `an earlier row has the same ${label}`
  }

  test(columns: readonly Column<unknown>[], rows: Selection, fail: (row: number, message: string) => void): void {
    this.#keys.add(
      columns,
      (row) => rows.has(row),
      (row) => fail(row, this.#message),
    )
  }

  merge(other: KeyState): KeyState {
    if (!(other instanceof UniqueState)) throw new TypeError("only the states of one check merge")
    this.#keys.merge(other.#keys)
    return this
  }
}
