import type { CellLoss } from "./row-verdict.ts"

/** So many rows are kept. */
const mostRows = 10

/** A row that lost points, and what it lost. Plain JSON. */
export interface SpoiltRow {
  /** The number of the row, as in its `Origin`. */
  readonly row: number
  /** The address of its first cell, for workbooks. */
  readonly address?: string
  /** Its own score, as in `batch.quality`. */
  readonly quality: number
  /** The cells that it lost. */
  readonly losses: readonly CellLoss[]
}

/** The ten rows with the lowest quality; among equal ones, the first of the file. Merging gives the same for any parts in any order. */
export class WorstRows {
  #rows: readonly SpoiltRow[] = []

  /** The rows of the next batch that are among the worst, given the quality of each. */
  candidates(quality: Float64Array): readonly number[] {
    const found: number[] = []
    let limit = this.#rows.length < mostRows ? 100 : (this.#rows.at(-1)?.quality ?? 100)
    for (let row = 0; row < quality.length; row++) {
      const own = quality[row] as number
      if (!(own < limit)) continue
      let place = found.length
      while (place > 0 && (quality[found[place - 1] as number] as number) > own) place--
      found.splice(place, 0, row)
      if (found.length > mostRows) found.pop()
      if (found.length === mostRows) limit = Math.min(limit, quality[found.at(-1) as number] as number)
    }
    return found
  }

  add(rows: readonly SpoiltRow[]): void {
    if (rows.length === 0) return
    const sorted = [...this.#rows, ...rows].sort((one, other) => one.quality - other.quality || one.row - other.row)
    this.#rows = sorted.slice(0, mostRows)
  }

  toJSON(): readonly SpoiltRow[] {
    return this.#rows
  }
}
