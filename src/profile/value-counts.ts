import { thresholds } from "./thresholds.ts"

/** Counts the different texts of a column, as long as they are few. */
export class ValueCounts {
  #counts: Map<string, number> | undefined = new Map()
  #total = 0

  /** How many cells were counted. */
  get total(): number {
    return this.#total
  }

  add(bytes: Buffer, start: number, end: number): void {
    if (this.#counts === undefined) return
    const value = bytes.toString("utf8", start, end)
    this.#counts.set(value, (this.#counts.get(value) ?? 0) + 1)
    this.#total++
    if (this.#counts.size > thresholds.mostValues) this.overflow()
  }

  /** There are too many values, or one is too long. */
  overflow(): void {
    this.#counts = undefined
  }

  /** The values of an enumeration, the most frequent first; undefined if there are too many, or they do not repeat. */
  get values(): readonly { readonly value: string; readonly cells: number }[] | undefined {
    if (this.#counts === undefined || this.#total < this.#counts.size * thresholds.leastRepeats) return undefined
    return [...this.#counts].map(([value, cells]) => ({ value, cells })).sort((one, other) => other.cells - one.cells)
  }
}
