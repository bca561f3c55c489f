import type { ByteRanges } from "../column.ts"
import { toDate } from "../fine-instant.ts"
import { type NullMask, noNulls } from "../null-mask.ts"
import { ColumnBase } from "./column-base.ts"

/** Dates as milliseconds since 1970 UTC, with microseconds as a fraction. A date without a time is midnight UTC. */
export class DateColumn extends ColumnBase<Date> {
  readonly kind = "date"
  readonly #values: Float64Array
  /** The bytes that the dates were read from, if each is `YYYY-MM-DD` or null. A sink may copy them as they are. */
  readonly plain: ByteRanges | undefined

  constructor(values: Float64Array, length: number, nulls: NullMask = noNulls(length), plain?: ByteRanges) {
    super(length, nulls)
    this.#values = values
    this.plain = plain
  }

  override at(row: number): Date | null {
    const ms = this.#values[row]
    return ms === undefined || this.nulls.has(row) ? null : toDate(ms)
  }

  override times(): Float64Array {
    return this.#values
  }
}
