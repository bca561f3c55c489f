import type { Column } from "../../../model/column.ts"
import { DistinctKeys } from "../../../sketch/distinct-keys.ts"

/** Keys that are watched; above, the database looks for itself. */
const mostKeys = 2_000_000

/**
 * Notices a key that comes a second time. It sees bytes, not the database's idea of equality, so a "no" is only likely; but a "no"
 * spares the database a sort of all staged keys.
 */
export class KeyWatch {
  #keys = new DistinctKeys()
  #repeated = false

  /** Whether a key may have come twice. */
  get repeated(): boolean {
    return this.#repeated
  }

  /** Rows whose byte in `live` is 0 are not looked at. */
  add(columns: readonly Column<unknown>[], live: Uint8Array): void {
    if (this.#repeated) return
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
