import type { Dimension } from "./dimension.ts"

/** How one dimension came out. */
export interface DimensionScore {
  /** 0 to 100. */
  readonly score: number
  /** The weight that was configured, as a share of all weights: 0 to 1. */
  readonly weight: number
  /** Cells (or rows) that its rules judged. */
  readonly judged: number
  /** Their summed loss, in judged cells. */
  readonly lost: number
}

/** Points that one rule took off the overall score through one column. */
export interface LostPoints {
  /** The rule, by its name in the ruleset. */
  readonly rule: string
  /** The dimension that it costs. */
  readonly dimension: Dimension
  /** The column, a key's columns joined by `+`, or `(row)`. */
  readonly column: string
  /** Points off the overall score. All of them add up to 100 - overall. */
  readonly points: number
  /** Rows in which the rule decided the loss. */
  readonly rows: number
}

/** The score of a delivery against a frozen ruleset. */
export interface Scorecard {
  /** 0 to 100, over the dimensions that were assessed; null where nothing could be judged. */
  readonly overall: number | null
  /** How much of the weight was assessed: 0 to 100. */
  readonly coverage: number
  /** True where the ruleset was inferred from the same rows that it judges. */
  readonly provisional: boolean
  /** The dimensions that were assessed; one without a rule is not there. */
  readonly dimensions: { readonly [D in Dimension]?: DimensionScore }
  /** Every lost point, most first. */
  readonly lost: readonly LostPoints[]
  /** What was judged by: scores of equal hashes can be compared. */
  readonly ruleset: { readonly hash: string }
}
