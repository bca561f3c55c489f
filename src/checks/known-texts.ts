import { decimalKey } from "../cells/decimal-keys.ts"
import { hashValue } from "../sketch/hash-cell.ts"
import { KeyHash } from "../sketch/key-hash.ts"
import { KeySet } from "../sketch/key-set.ts"
import { valueText } from "./cell-text.ts"

/**
 * Known keys of one or several cells. A key takes 16 to 32 bytes, however long its texts are. Cells are compared by their texts, so that a number is equal
 * to the text that writes it.
 */
export class KnownTexts {
  readonly #keys = new KeySet()
  readonly #hash = new KeyHash()
  /** Whether the cells of each place are decimals, of which `3.0` and `3` are equal. */
  readonly #decimals: readonly boolean[]

  constructor(decimals: readonly boolean[]) {
    this.#decimals = decimals
  }

  get size(): number {
    return this.#keys.size
  }

  /** Adds a key, unless it has a null. */
  add(values: readonly unknown[]): void {
    if (values.some((value) => value === null || value === undefined)) return
    const { a, b, c } = this.#hashed(values.map(valueText))
    this.#keys.add(a, b, c)
  }

  has(texts: readonly string[]): boolean {
    const { a, b, c } = this.#hashed(texts)
    return this.#keys.has(a, b, c)
  }

  #hashed(texts: readonly string[]): KeyHash {
    const hash = this.#hash
    hash.reset()
    for (const [at, text] of texts.entries()) hashValue(hash, this.#decimals[at] === true ? decimalKey(text) : text)
    hash.finish()
    return hash
  }
}
