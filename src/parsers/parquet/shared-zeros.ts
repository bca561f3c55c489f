/**
 * Arrays of zeros that nobody writes to: a page of nothing but nulls, or of one value, states millions of them in ten bytes, and a file may
 * have such a page in each of thousands of columns.
 */
export class SharedZeros {
  #levels = new Uint8Array(0)
  #codes = new Uint32Array(0)

  levels(length: number): Uint8Array {
    if (this.#levels.length < length) this.#levels = new Uint8Array(length)
    return this.#levels.subarray(0, length)
  }

  /** Whether these are the zeros given out by `levels`. */
  are(levels: Uint8Array | undefined): boolean {
    return levels !== undefined && levels.buffer === this.#levels.buffer
  }

  codes(length: number): Uint32Array {
    if (this.#codes.length < length) this.#codes = new Uint32Array(length)
    return this.#codes.subarray(0, length)
  }
}
