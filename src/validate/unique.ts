import type { KeyCheck, KeyState } from "../contract/check.ts"
import { KeyHash } from "../kernel/hash.ts"
import { hashCell, hashNumber } from "../kernel/hash-keys.ts"
import type { Column } from "../model/column.ts"
import { NumberColumn } from "../model/columns/number-column.ts"
import type { Selection } from "../model/selection.ts"
import { IntegerSet } from "../sketch/integer-set.ts"
import { KeySet } from "../sketch/key-set.ts"

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
  readonly #label: string
  readonly #keys = new KeySet()
  /** Keys that are one safe integer; undefined once they lie too far apart, and are hashed as all others. */
  #integers: IntegerSet | undefined = new IntegerSet()

  constructor(label: string) {
    this.#label = label
  }

  test(columns: readonly Column<unknown>[], rows: Selection, fail: (row: number, message: string) => void): void {
    const hash = new KeyHash()
    const withNulls = columns.filter((column) => column.nulls.count > 0)
    const length = columns[0]?.length ?? 0
    const { bits } = rows
    const numberAt = columns.length === 1 && columns[0] !== undefined ? numbersOf(columns[0]) : undefined
    const hashed = new Int32Array(3 * length)
    const hashedRows = new Uint32Array(length)
    let count = 0
    // By index and bit: an iterator's result object a row costs more than the hash.
    for (let row = 0; row < length; row++) {
      if (((bits[row >> 3] ?? 0) & (1 << (row & 7))) === 0) continue
      if (withNulls.length > 0 && withNulls.some((column) => column.nulls.has(row))) continue
      const number = this.#integers && numberAt?.(row)
      if (this.#integers !== undefined && Number.isSafeInteger(number)) {
        if (!this.#integers.add(number as number)) fail(row, this.#message)
        continue
      }
      hash.reset()
      for (const column of columns) hashCell(hash, column, row)
      hash.finish()
      hashed[3 * count] = hash.a
      hashed[3 * count + 1] = hash.b
      hashed[3 * count + 2] = hash.c
      hashedRows[count++] = row
    }
    // Apart from hashing, so that the processor has several of the set's cache misses under way at once: a third faster at a million keys.
    for (let at = 0; at < count; at++) {
      const isNew = this.#keys.add(hashed[3 * at] ?? 0, hashed[3 * at + 1] ?? 0, hashed[3 * at + 2] ?? 0)
      if (!isNew) fail(hashedRows[at] ?? 0, this.#message)
    }
    if (this.#integers?.isSparse) this.#hashIntegers()
  }

  merge(other: KeyState): KeyState {
    if (!(other instanceof UniqueState)) throw new TypeError("only the states of one check merge")
    if (this.#integers === undefined) other.#hashIntegers()
    if (other.#integers === undefined) this.#hashIntegers()
    for (const integer of other.#integers ?? []) this.#integers?.add(integer)
    this.#keys.addAll(other.#keys)
    return this
  }

  get #message(): string {
    return `an earlier row has the same ${this.#label}`
  }

  #hashIntegers(): void {
    const hash = new KeyHash()
    for (const integer of this.#integers ?? []) {
      hash.reset()
      hashNumber(hash, integer)
      hash.finish()
      this.#keys.add(hash.a, hash.b, hash.c)
    }
    this.#integers = undefined
  }
}

/** The numbers of a column that has any, whatever its layout: equal keys must meet in one set. */
function numbersOf(column: Column<unknown>): ((row: number) => unknown) | undefined {
  if (column instanceof NumberColumn) {
    const numbers = column.numbers()
    return (row) => numbers[row]
  }
  return column.kind === "value" ? (row) => column.at(row) : undefined
}
