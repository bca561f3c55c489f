import { Bitmask } from "./bitmask.ts"

/** The rows of a batch that still pass; iterate over it to get their indexes. */
export interface Selection extends Iterable<number> {
  /** How many rows pass. */
  readonly size: number
  /** One bit for each row; a set bit passes. */
  readonly bits: Uint8Array
  /** Whether a row passes. */
  has(row: number): boolean
}

/** A selection that starts with all rows and can only lose rows. */
export class RowSelection implements Selection {
  readonly #length: number
  readonly #passing: Bitmask

  /** All rows pass, or those of the mask, which the selection then owns. */
  constructor(length: number, passing: Bitmask = Bitmask.full(length)) {
    this.#length = length
    this.#passing = passing
  }

  /** Only these rows pass. */
  static of(length: number, rows: Iterable<number>): RowSelection {
    const passing = new Bitmask(length)
    for (const row of rows) passing.set(row)
    return new RowSelection(length, passing)
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

  copy(): RowSelection {
    return new RowSelection(this.#length, this.#passing.copy())
  }

  drop(row: number): void {
    this.#passing.clear(row)
  }

  /** Not a generator: without one, a loop over a million rows takes half the time. */
  [Symbol.iterator](): Iterator<number> {
    const { bits } = this.#passing
    const length = this.#length
    let row = 0
    return {
      next(): IteratorResult<number> {
        while (row < length && ((bits[row >> 3] as number) & (1 << (row & 7))) === 0) row++
        return row < length ? { done: false, value: row++ } : { done: true, value: undefined }
      },
    }
  }
}
