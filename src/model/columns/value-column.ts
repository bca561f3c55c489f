import { Bitmask } from "../bitmask.ts"
import type { ShownNumbers } from "../column.ts"
import type { NullMask } from "../null-mask.ts"
import { ColumnBase } from "./column-base.ts"

/** Values of any kind; a spreadsheet column may mix them. `undefined` counts as null. */
export class ValueColumn<out V = unknown> extends ColumnBase<V> {
  readonly kind = "value"
  readonly #values: readonly (V | null | undefined)[]
  /** What a spreadsheet shows for the numbers among the values, as in `NumberColumn`. */
  readonly shown: ShownNumbers | undefined

  constructor(
    values: readonly (V | null | undefined)[],
    length: number = values.length,
    nulls: NullMask = nullsOf(values, length),
    shown?: ShownNumbers,
  ) {
    super(length, nulls)
    this.shown = shown
    this.#values = values
  }

  override at(row: number): V | null {
    return this.nulls.has(row) ? null : (this.#values[row] ?? null)
  }
}

function nullsOf(values: readonly unknown[], length: number): NullMask {
  const nulls = new Bitmask(length)
  for (let row = 0; row < length; row++) if (values[row] === null || values[row] === undefined) nulls.set(row)
  return nulls
}
