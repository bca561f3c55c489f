import { KeyHash } from "../../../kernel/hash.ts"
import { hashCell } from "../../../kernel/hash-keys.ts"
import type { Column } from "../../../model/column.ts"
import { KeySet } from "../../../sketch/key-set.ts"

/** Keys that are watched; above, the database looks for itself. */
const mostKeys = 2_000_000

/**
 * Notices a key that comes a second time. It sees bytes, not the database's idea of equality, so a "no" is only likely; but a "no"
 * spares the database a sort of all staged keys.
 */
export class KeyWatch {
  readonly #hash = new KeyHash()
  #keys = new KeySet()
  #repeated = false

  /** Whether a key may have come twice. */
  get repeated(): boolean {
    return this.#repeated
  }

  add(columns: readonly Column<unknown>[], live: Uint8Array): void {
    if (this.#repeated) return
    const hash = this.#hash
    for (let row = 0; row < live.length; row++) {
      if (live[row] === 0) continue
      hash.reset()
      for (const column of columns) hashCell(hash, column, row)
      hash.finish()
      if (!this.#keys.add(hash.a, hash.b, hash.c)) {
        this.#stop()
        return
      }
    }
    if (this.#keys.size > mostKeys) this.#stop()
  }

  #stop(): void {
    this.#repeated = true
    this.#keys = new KeySet()
  }
}
