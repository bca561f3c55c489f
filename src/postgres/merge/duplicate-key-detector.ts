import type { Column } from "../../model/column.ts"
import { DateColumn } from "../../model/columns/date-column.ts"
import { NumberColumn } from "../../model/columns/number-column.ts"
import { DistinctKeys } from "../../sketch/distinct-keys.ts"
import type { ColumnFormat } from "../encode/column-format.ts"

/** Keys that are watched; above, the database looks for itself. */
const mostKeys = 2_000_000

/**
 * Notices a key that comes a second time. It sees bytes, not the database's idea of equality, so a "no" is only likely; but a "no"
 * spares the database a sort of all staged keys.
 */
export class DuplicateKeyDetector {
  #keys = new DistinctKeys()
  #repeated = false
  #isSure = true

  /** Whether a key may have come twice. */
  get repeated(): boolean {
    return this.#repeated
  }

  /** Whether a "no" is certain: equal keys of whole numbers and dates are equal here, while one text may be written as `1.0` and as `1.00`. */
  get isSure(): boolean {
    return this.#isSure
  }

  /** `formats` are those that the columns are written in. Rows whose byte in `live` is 0 are not looked at. */
  add(columns: readonly Column<unknown>[], formats: readonly ColumnFormat[], live: Uint8Array): void {
    if (this.#repeated) return
    this.#isSure &&= columns.every((column, j) => isSure(column, formats[j]))
    this.#keys.add(
      columns,
      (row) => live[row] === 1,
      () => {
        this.#repeated = true
      },
    )
    if (this.#keys.size > mostKeys) this.#repeated = true
    if (this.#repeated) this.#keys = new DistinctKeys()
  }
}

function isSure(column: Column<unknown>, format: ColumnFormat | undefined): boolean {
  if (column instanceof NumberColumn) return format?.kind === "integer"
  return column instanceof DateColumn && format?.kind === "date"
}
