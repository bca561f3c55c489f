import type { Column } from "../../model/column.ts"
import { DateColumn } from "../../model/columns/date-column.ts"
import { NumberColumn } from "../../model/columns/number-column.ts"
import { DistinctKeys } from "../../sketch/distinct-keys.ts"
import type { ColumnFormat } from "../encode/column-format.ts"

/** With more keys, the database has to find duplicates itself. */
const mostKeys = 2_000_000

/**
 * Notices repeated keys. It compares bytes, while the database has its own notion of equality, so "not repeated" is usually only likely. But it
 * saves the database a sort of all staged keys.
 */
export class DuplicateKeyDetector {
  #keys = new DistinctKeys()
  #repeated = false
  #isSure = true

  /** Whether a key may be repeated. */
  get repeated(): boolean {
    return this.#repeated
  }

  /** Whether "not repeated" is certain: for integers and dates, while other keys may be equal in different forms, such as `1.0` and `1.00`. */
  get isSure(): boolean {
    return this.#isSure
  }

  /** Adds the keys of the rows that are 1 in `live`. `formats` are those of the columns. */
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
