/** Elements of the first slab, and of the largest: a small table needs few. */
const firstLength = 1 << 10
const mostLength = 1 << 16
/** Longer arrays are allocated one by one. */
const longest = 1024

/**
 * Allocates arrays of zeros. Short ones are pieces of a larger array, because a typed array of a few elements costs many times their size, and a
 * table may have 16,384 columns. Pieces are never reused.
 */
export class ArraySlab<A extends Float64Array | Uint32Array | Uint8Array> {
  readonly #make: (length: number) => A
  #slab: A
  #used: number

  constructor(make: (length: number) => A) {
    this.#make = make
    this.#slab = make(0)
    this.#used = 0
  }

  take(length: number): A {
    if (length > longest) return this.#make(length)
    if (this.#used + length > this.#slab.length) {
      this.#slab = this.#make(Math.min(mostLength, Math.max(firstLength, this.#slab.length * 2)))
      this.#used = 0
    }
    const from = this.#used
    this.#used += length
    return this.#slab.subarray(from, this.#used) as A
  }
}
