/** What may drift. */
export type DriftKind = "rows" | "nulls" | "distribution" | "newValues" | "vanishedValues" | "newPatterns"

/** All kinds of drift, in the order in which they are reported. */
export const driftKinds: readonly DriftKind[] = ["rows", "nulls", "distribution", "newValues", "vanishedValues", "newPatterns"]

/** A difference between a delivery and the earlier ones that is large, and that chance does not explain. */
export interface DriftFinding {
  /** What has drifted. */
  readonly kind: DriftKind
  /** The column; left out for the number of rows. */
  readonly column?: string
  /**
   * How much: for rows, the factor by which they are more or fewer; for nulls, Cohen's h; for distributions, the PSI; for values and patterns, the share
   * of the rows that have them.
   */
  readonly value: number
  /** The least `value` that counts: the limit of the kind, or twice what earlier deliveries differ from each other. */
  readonly bound: number
  /** The probability that chance alone makes so large a difference. */
  readonly probability: number
  /** For distributions of numbers and dates: the greatest distance between the two cumulative distributions, 0 to 1. */
  readonly ks?: number
  /** For rows and nulls: the median of the earlier deliveries, and their share of nulls. */
  readonly before?: number
  /** For rows and nulls: the number of rows, and the share of nulls, of this delivery. */
  readonly now?: number
  /** How many values or patterns are new or have vanished. */
  readonly count?: number
  /** The most frequent new values or patterns, at most five. Left out for a redacted column, and in the ledger. */
  readonly examples?: readonly string[]
}

/** How a delivery differs from earlier ones of the same pipeline and target. */
export interface DriftReport {
  /** How many earlier deliveries it was compared with. */
  readonly deliveries: number
  /** How many comparisons were made. At most one in twenty findings is expected to be false (Benjamini-Hochberg). */
  readonly comparisons: number
  /** What differs. */
  readonly findings: readonly DriftFinding[]
}
