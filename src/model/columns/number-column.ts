import type { ByteRanges, ShownNumbers } from "../column.ts"
import { type NullMask, noNulls } from "../null-mask.ts"
import { ColumnBase } from "./column-base.ts"

/** Numbers as doubles. */
export class NumberColumn extends ColumnBase<number> {
  readonly kind = "number"
  readonly #values: Float64Array
  /**
   * The bytes that the numbers were read from, if each is null or a plain decimal that PostgreSQL and JSON read as the same number. A sink may
   * copy them as they are instead of printing doubles.
   */
  readonly plain: ByteRanges | undefined
  /** What a spreadsheet shows for the numbers, where that has more digits than they have: `01067` for 1067. */
  readonly shown: ShownNumbers | undefined

  constructor(values: Float64Array, length: number, nulls: NullMask = noNulls(length), plain?: ByteRanges, shown?: ShownNumbers) {
    super(length, nulls)
    this.#values = values
    this.plain = plain
    this.shown = shown
  }

  override at(row: number): number | null {
    return this.nulls.has(row) ? null : (this.#values[row] ?? null)
  }

  override numbers(): Float64Array {
    return this.#values
  }
}
