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
  /** The name of the rule in the ruleset; `suspect.` and the reason, such as `suspect.typo`, for cells that are only suspect. */
  readonly rule: string
  /** The dimension that lost the points. */
  readonly dimension: Dimension
  /** The column, the columns of a key joined by `+`, or `(row)`. */
  readonly column: string
  /** The points lost. Those of all entries add up to 100 - overall. */
  readonly points: number
  /** In how many rows the rule decided the loss. For suspect cells, how many there are in the rows that were searched. */
  readonly rows: number
}

/** What a rule found. */
export interface RuleResult {
  /** The name of the rule in the ruleset. */
  readonly rule: string
  /** The dimension that it belongs to. */
  readonly dimension: Dimension
  /** The columns that it judges; empty if it judges the row. */
  readonly columns: readonly string[]
  /**
   * The gravest that it found: `"error"` if it rejected rows, `"warning"` if rows break it and are loaded, `"suspected"` if it is sure of none, null if it
   * found nothing.
   */
  readonly severity: "error" | "warning" | "suspected" | null
  /** How many rows it judged; `passed`, `failed` and `suspected` add up to it. */
  readonly judged: number
  /** The rows in which it found nothing. */
  readonly passed: number
  /** The rows that break it for sure. */
  readonly failed: number
  /** The rows that break it with a confidence below 1. */
  readonly suspected: number
  /** The rows that it rejected. */
  readonly rejected: number
  /** The rows that it alone rejected: they would pass without it. */
  readonly rejectedAlone: number
  /** The least share of its rows that must pass, 0 to 1, if the rule has one. */
  readonly mostly?: number
}

/** The quality of a column. */
export interface ColumnQuality {
  /** The name of the column. */
  readonly column: string
  /** 0 to 100: the weighted mean of the dimensions that judge the column; null if none does. */
  readonly score: number | null
  /** The share of its cells that have a value, readable or not, in percent; null if the rows no longer have the column when they are scored. */
  readonly fill: number | null
  /**
   * How many distinct values its readable cells have: exact up to 256, an estimate with a standard error of 1.6 % beyond. Null where `fill` is null, for
   * columns of lists and objects, and after the first 512 columns.
   */
  readonly distinct: number | null
}

/** One of the rows that lost the most points. */
export interface WorstRow {
  /** The number of the row, as in its `Origin`. */
  readonly row: number
  /** The address of its first cell, for workbooks. */
  readonly address?: string
  /** The score of the row itself, 0 to 100, as in `batch.quality`. */
  readonly quality: number
  /** The points of the overall score that the row cost. */
  readonly points: number
  /** The rules that cost it points, most first. */
  readonly rules: readonly string[]
}

/** What a delivery without a contract shows of cells that are probably wrong, although no rule judges them. */
export interface SuspectedCells {
  /** How many rows were searched: all that could be read, or a sample of them. */
  readonly rows: number
  /** How many of their cells are suspect. */
  readonly cells: number
  /** The points that suspect cells cost, as a share of the cells that were searched; at most 20. `lost` says which columns cost them. */
  readonly points: number
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
  /**
   * The search for cells that are probably wrong. Left out if there was none: the score is not provisional, the file has fewer than 20 rows or more than 1,000 columns, or
   * it was loaded in parts.
   */
  readonly suspected?: SuspectedCells
  /** The rows that passed, in percent of the judged rows, 0 to 100; null if there are none. Rows that `filter` dropped are not judged. */
  readonly rowsPassed: number | null
  /** True if the ruleset was inferred from the rows that it judges, or if no rules were declared. */
  readonly provisional: boolean
  /** The assessed dimensions; a dimension without rules is left out. */
  readonly dimensions: { readonly [D in Dimension]?: DimensionScore }
  /** All lost points, largest first. */
  readonly lost: readonly LostPoints[]
  /** Every rule with what it found, in the order of the ruleset. */
  readonly rules: readonly RuleResult[]
  /** Every declared column and every column that a rule names. */
  readonly columns: readonly ColumnQuality[]
  /** The ten rows with the lowest quality, the worst first; none in a merged scorecard, whose rows are in several files. */
  readonly worstRows: readonly WorstRow[]
  /** The configured weights of all dimensions, as shares of their sum. */
  readonly weights: { readonly [D in Dimension]: number }
  /** The ruleset. Scores of a dimension can be compared if their hashes are equal, and overall scores if the weights are equal too. */
  readonly ruleset: { readonly hash: string }
}
