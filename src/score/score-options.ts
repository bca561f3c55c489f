import type { ColumnName } from "../model/cell-value.ts"
import type { Dimension } from "../model/dimension.ts"
import type { DriftKind } from "../model/drift.ts"
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

/** How a delivery is compared with earlier ones of the same pipeline that were loaded into the same target. */
export interface DriftOptions {
  /** How many of the latest deliveries it is compared with. Default: 10. */
  readonly deliveries?: number | undefined
  /** With fewer earlier deliveries, nothing is compared. Default: 5; at least 3. */
  readonly least?: number | undefined
  /** The population stability index from which on a distribution has drifted. Default: 0.25. */
  readonly psi?: number | undefined
  /**
   * The gate: the kinds of drift that refuse a delivery, or true for all. Without enough earlier deliveries, or without a ledger, nothing is refused, and a notice
   * says so. Default: none; drift is only a notice.
   */
  readonly refuse?: boolean | readonly DriftKind[] | undefined
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
  /** How to compare deliveries into a sink with a ledger. False: they are not compared, and the ledger keeps no profile of their columns. */
  readonly drift?: false | DriftOptions | undefined
}
