import type { Dimension } from "./dimension.ts"

/** The score of one dimension. */
export interface DimensionScore {
  /** 0 to 100. */
  readonly score: number
  /** The configured weight as a share of all weights, 0 to 1. */
  readonly weight: number
  /** How many cells, or rows, its rules judged. Cells that could not be judged because another cell has failed are not among them. */
  readonly judged: number
  /** The sum of their losses, in cells. */
  readonly lost: number
}

/** The points of the overall score that one rule cost in one column. */
export interface LostPoints {
  /** The name of the rule in the ruleset. */
  readonly rule: string
  /** The dimension that lost the points. */
  readonly dimension: Dimension
  /** The column, the columns of a key joined by `+`, or `(row)`. */
  readonly column: string
  /** The points lost. Those of all entries add up to 100 - overall. */
  readonly points: number
  /** In how many rows the rule decided the loss. */
  readonly rows: number
}

/** The score of a delivery by a frozen ruleset. */
export interface Scorecard {
  /** 0 to 100, over the assessed dimensions; null if none could be assessed. */
  readonly overall: number | null
  /**
   * How much was assessed, 0 to 100: the weight of each assessed dimension, times the share of the declared columns that it judges. Uniqueness and
   * timeliness count with their whole weight.
   */
  readonly coverage: number
  /** The rows that passed, in percent of the judged rows, 0 to 100; null if there are none. Rows that `filter` dropped are not judged. */
  readonly rowsPassed: number | null
  /** True if the ruleset was inferred from the rows that it judges, or if no rules were declared. */
  readonly provisional: boolean
  /** The assessed dimensions; a dimension without rules is left out. */
  readonly dimensions: { readonly [D in Dimension]?: DimensionScore }
  /** All lost points, largest first. */
  readonly lost: readonly LostPoints[]
  /** The configured weights of all dimensions, as shares of their sum. */
  readonly weights: { readonly [D in Dimension]: number }
  /** The ruleset. Scores of a dimension can be compared if their hashes are equal, and overall scores if the weights are equal too. */
  readonly ruleset: { readonly hash: string }
}
