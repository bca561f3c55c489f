import type { ColumnName } from "../model/cell-value.ts"
import type { Dimension } from "../model/dimension.ts"

/** How fresh rows have to be. */
export interface TimelinessOptions<T> {
  /** The column with the date of the event. */
  readonly column: ColumnName<T>
  /** Days after the event in which nothing is lost. Default 0. */
  readonly slaDays?: number | undefined
  /** Days beyond them after which half is lost. Default 30. */
  readonly halfLifeDays?: number | undefined
}

/** What the score is made of, beside the rules of schema, normalizers and checks. */
export interface ScoreOptions<T> {
  /**
   * Any non-negative numbers; only their ratio counts. Default: completeness 20, accuracy 25, consistency 20,
   * timeliness 10, uniqueness 15, validity 10.
   */
  readonly weights?: { readonly [D in Dimension]?: number | undefined } | undefined
  /** How much a column counts, 1 unless said. */
  readonly criticality?: { readonly [K in ColumnName<T>]?: number | undefined } | undefined
  /** Optional columns that are expected to be filled: an empty cell costs completeness and rejects nothing. */
  readonly expected?: readonly ColumnName<T>[] | undefined
  /** Judges each row with an event date by its age at `asOf`: lost = 1 - 2^(-max(0, age - sla) / halfLife). */
  readonly timeliness?: TimelinessOptions<T> | undefined
  /** True where the rules were proposed from the rows that they judge, and nobody has looked at them yet. Default false. */
  readonly provisional?: boolean | undefined
  /** Gates, 0 to 100, checked before the commit. A dimension that was not assessed does not pass its gate. */
  readonly minimum?: { readonly [D in Dimension | "overall" | "coverage"]?: number | undefined } | undefined
}
