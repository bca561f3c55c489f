/** Elements of the first slab, and of the largest: a small table needs few. */
const firstLength = 1 << 10
const mostLength = 1 << 16
/** Longer arrays are made for themselves. */
const longest = 1024

/**
 * Gives out arrays of zeros. Short ones are pieces of larger ones: an array of a few rows costs many times what it holds, and a table may
 * have sixteen thousand columns. No piece is given out twice.
 */
export class ArraySlab<A extends Float64Array | Uint32Array | Uint8Array> {
  readonly #make: (length: number) => A
  #slab: A
  #given: number

  constructor(make: (length: number) => A) {
    this.#make = make
    this.#slab = make(0)
    this.#given = 0
  }

  take(length: number): A {
    if (length > longest) return this.#make(length)
    if (this.#given + length > this.#slab.length) {
      this.#slab = this.#make(Math.min(mostLength, Math.max(firstLength, this.#slab.length * 2)))
      this.#given = 0
    }
    const from = this.#given
    this.#given += length
    return this.#slab.subarray(from, this.#given) as A
  }
}
