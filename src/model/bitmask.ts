/** One bit for each row, and the number of set bits. */
export class Bitmask {
  readonly bits: Uint8Array
  #count: number

  /** All bits are clear, or `bits` holds them and `count` of them are set. */
  constructor(rows: number, bits: Uint8Array = new Uint8Array((rows + 7) >> 3), count = 0) {
    this.bits = bits
    this.#count = count
  }

  /** A mask whose bits are all set. */
  static full(rows: number): Bitmask {
    const bits = new Uint8Array((rows + 7) >> 3).fill(255)
    if ((rows & 7) !== 0) bits[bits.length - 1] = (1 << (rows & 7)) - 1
    return new Bitmask(rows, bits, rows)
  }

  /** How many bits are set. */
  get count(): number {
    return this.#count
  }

  has(row: number): boolean {
    return ((this.bits[row >> 3] ?? 0) & (1 << (row & 7))) !== 0
  }

  set(row: number): void {
    const before = this.bits[row >> 3] ?? 0
    const after = before | (1 << (row & 7))
    if (after === before) return
    this.bits[row >> 3] = after
    this.#count++
  }

  clear(row: number): void {
    const before = this.bits[row >> 3] ?? 0
    const after = before & ~(1 << (row & 7))
    if (after === before) return
    this.bits[row >> 3] = after
    this.#count--
  }

  copy(): Bitmask {
    return new Bitmask(this.bits.length << 3, this.bits.slice(), this.#count)
  }
}
