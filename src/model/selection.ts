import { Bitmask } from "./bitmask.ts"

/** The rows of a batch that still pass, as indexes into its columns. */
export interface Selection extends Iterable<number> {
  /** How many rows pass. */
  readonly size: number
  /** One bit a row; a set bit passes. */
  readonly bits: Uint8Array
  /** Whether a row passes. */
  has(row: number): boolean
}

/** A selection that starts with every row and only ever loses some. */
export class RowSelection implements Selection {
  readonly #length: number
  readonly #passing: Bitmask

  constructor(length: number) {
    this.#length = length
    this.#passing = Bitmask.full(length)
  }

  get size(): number {
    return this.#passing.count
  }

  get bits(): Uint8Array {
    return this.#passing.bits
  }

  has(row: number): boolean {
    return this.#passing.has(row)
  }

  drop(row: number): void {
    this.#passing.clear(row)
  }

  *[Symbol.iterator](): Iterator<number> {
    for (let row = 0; row < this.#length; row++) if (this.#passing.has(row)) yield row
  }
}
