import { shownText } from "../errors/shown-text.ts"
import { thresholds } from "./thresholds.ts"

/** A cell that a proposal shows. */
export interface CellExample {
  /** The number of the row in its file, as in the origin of a reject. */
  readonly row: number
  /** The cell as text, cut if it is long. */
  readonly text: string
}

/** Counts cells of one sort, and keeps the first of them. */
export class Tally {
  count = 0
  readonly rows: number[] = []
  readonly examples: CellExample[] = []
  #settled = 0

  /** Counts a cell. Returns whether it is one of the first, which the caller should `keep`. Only few cells have to be decoded for that. */
  add(): boolean {
    return this.count++ < thresholds.mostRows
  }

  /** Keeps the cell that was counted last. `row` is its row in the batch, until `settle` is called. */
  keep(row: number, text: string): void {
    this.rows.push(row)
    if (this.examples.length < thresholds.mostExamples) this.examples.push({ row, text: shownText(text, thresholds.longestExample) })
  }

  /** Numbers the rows that were kept since the last call as their file does. Called at the end of a batch, which alone knows their origins. */
  settle(numberOf: (row: number) => number): void {
    for (; this.#settled < this.rows.length; this.#settled++) {
      const row = numberOf(this.rows[this.#settled] ?? 0)
      this.rows[this.#settled] = row
      const example = this.examples[this.#settled]
      if (example !== undefined) this.examples[this.#settled] = { ...example, row }
    }
  }

  /** Both together, in the order of the rows. */
  static sum(tallies: readonly Tally[]): Tally {
    const all = new Tally()
    for (const { count, rows, examples } of tallies) {
      all.count += count
      all.rows.push(...rows)
      all.examples.push(...examples)
    }
    all.rows.sort((one, other) => one - other).splice(thresholds.mostRows)
    all.examples.sort((one, other) => one.row - other.row).splice(thresholds.mostExamples)
    return all
  }
}
