/** A set of row numbers that mostly follow on each other, kept as ranges. */
export class RowRanges {
  readonly #starts: number[] = []
  readonly #ends: number[] = []

  /** Highest row, or -1. */
  get last(): number {
    return this.#ends.at(-1) ?? -1
  }

  /** Adds a row above all that are there, or any other. */
  add(row: number): void {
    const last = this.#ends.length - 1
    if (last >= 0 && this.#ends[last] === row - 1) this.#ends[last] = row
    else if (row > this.last) {
      this.#starts.push(row)
      this.#ends.push(row)
    } else if (!this.has(row)) {
      const at = this.#starts.findIndex((start) => start > row)
      this.#starts.splice(at, 0, row)
      this.#ends.splice(at, 0, row)
    }
  }

  has(row: number): boolean {
    let low = 0
    let high = this.#starts.length - 1
    while (low <= high) {
      const middle = (low + high) >> 1
      if ((this.#starts[middle] as number) > row) high = middle - 1
      else if ((this.#ends[middle] as number) < row) low = middle + 1
      else return true
    }
    return false
  }
}
