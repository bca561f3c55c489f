import type { Dimension } from "../model/dimension.ts"
import type { Weights } from "./weights.ts"

/** A cell of every row that rules of a dimension judge. */
export interface JudgedCell {
  readonly dimension: Dimension
  /** The recorded column. */
  readonly column: string
  /** How much the column counts. */
  readonly counts: number
}

/** How many points of its own score a row loses with each of its cells. Rows in which cells cannot be judged have other weights. */
export class RowWeights {
  readonly #cells: readonly JudgedCell[]
  readonly #weights: Weights
  readonly #points = new Map<string, number>()
  readonly #without = new Map<JudgedCell, RowWeights>()

  constructor(cells: readonly JudgedCell[], weights: Weights) {
    this.#cells = cells
    this.#weights = weights
    const counts = new Map<Dimension, number>()
    for (const cell of cells) counts.set(cell.dimension, (counts.get(cell.dimension) ?? 0) + cell.counts)
    let assessed = 0
    for (const dimension of counts.keys()) assessed += weights[dimension]
    for (const { dimension, column, counts: own } of cells) {
      const share = assessed === 0 ? 0 : weights[dimension] / assessed
      this.#points.set(`${dimension}\0${column}`, share * 100 * (own / (counts.get(dimension) ?? 1)))
    }
  }

  /** How many points the row loses if it loses the whole cell. */
  points(dimension: Dimension, column: string): number {
    return this.#points.get(`${dimension}\0${column}`) ?? 0
  }

  /** The weights of a row in which the cell is not judged. Equal rows share them. */
  without(cell: JudgedCell): RowWeights {
    let weights = this.#without.get(cell)
    if (weights === undefined) {
      weights = new RowWeights(
        this.#cells.filter((each) => each !== cell),
        this.#weights,
      )
      this.#without.set(cell, weights)
    }
    return weights
  }
}
