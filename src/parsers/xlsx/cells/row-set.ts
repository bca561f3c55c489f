/** A set of row numbers, one bit each. Rows may come in any order, and a million of them take 128 KiB. */
export class RowSet {
  #bits = new Uint8Array(1024)

  has(row: number): boolean {
    return ((this.#bits[row >> 3] ?? 0) & (1 << (row & 7))) !== 0
  }

  add(row: number): void {
    const at = row >> 3
    if (at >= this.#bits.length) {
      const grown = new Uint8Array(Math.max(at + 1, this.#bits.length * 2))
      grown.set(this.#bits)
      this.#bits = grown
    }
    this.#bits[at] = (this.#bits[at] as number) | (1 << (row & 7))
  }

  remove(row: number): void {
    const at = row >> 3
    if (at < this.#bits.length) this.#bits[at] = (this.#bits[at] as number) & ~(1 << (row & 7))
  }
}
