import type { ColumnName } from "../model/cell-value.ts"
import type { Dimension } from "../model/dimension.ts"
import type { Minimum } from "./gate.ts"

/** How recent rows must be. */
export interface TimelinessOptions<T> {
  /** The column with the date of the event. */
  readonly column: ColumnName<T>
  /** For how many days after the event a row loses nothing. Default: 0. */
  readonly slaDays?: number | undefined
  /** How many days later the row has lost half. Default: 30. */
  readonly halfLifeDays?: number | undefined
}

/** Options of the score. Its rules come from the schema, the normalizers and the checks. */
export interface ScoreOptions<T> {
  /**
   * Any non-negative numbers; only their ratio counts. Default: completeness 20, accuracy 25, consistency 20,
   * timeliness 10, uniqueness 15, validity 10.
   */
  readonly weights?: { readonly [D in Dimension]?: number | undefined } | undefined
  /** How much each column counts. Default: 1. */
  readonly criticality?: { readonly [K in ColumnName<T>]?: number | undefined } | undefined
  /** Optional columns that are expected to be filled: an empty cell costs completeness and rejects nothing. */
  readonly expected?: readonly ColumnName<T>[] | undefined
  /** Judges each row with an event date by its age at `asOf`: lost = 1 - 2^(-max(0, age - sla) / halfLife). */
  readonly timeliness?: TimelinessOptions<T> | undefined
  /**
   * True if the rules were inferred from the rows that they judge, and nobody has reviewed them yet. Default: true if there are no rules, otherwise
   * false.
   */
  readonly provisional?: boolean | undefined
  /**
   * Gates, 0 to 100, checked before the commit. A dimension that was not assessed does not pass its gate. `rowsPassed` is the least share of the rows
   * that must pass, in percent; with 0, a delivery may be loaded although all of its rows were rejected.
   */
  readonly minimum?: Minimum | undefined
}
