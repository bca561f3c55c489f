import type { ColumnSpec } from "../model/column-spec.ts"
import type { JsonValue } from "../model/json-value.ts"

/** What a sink needs to know about a delivery before its rows. */
export interface Delivery {
  /** A new UUID for each delivery. */
  readonly id: string
  /** The pipeline's name. */
  readonly pipeline: string
  /** The URI of the file. */
  readonly uri: string
  /** The version of the file, if its source has versions. */
  readonly version?: string | undefined
  /** A number that grows with each version of the file, if its source can tell which version is newer. */
  readonly sequence?: number | undefined
  /** The SHA-256 of the bytes in hex. Undefined if reading the file twice would cost much; `settle` then gets it. */
  readonly sha256: string | undefined
  /** The table of the file, as `Parser.locate` names it; undefined if the parser reads the table that it reads by default. */
  readonly sourceTable?: string | undefined
  /** The columns of the rows, as far as the schema, the normalizers and the plan declare them; empty if nothing does. */
  readonly columns: readonly ColumnSpec[]
  /** The declared version of the schema, rules and normalizers. It is recorded, but does not decide whether bytes were loaded before. */
  readonly contractVersion?: string | undefined
  /** The instant that counts as now, if the caller set one. Otherwise the run took it from the clock; see `Context.asOf`. */
  readonly asOf?: Date | undefined
  /** True to do everything except commit. */
  readonly dryRun: boolean
  /** True to load bytes that were loaded before: the new rows replace the rows of that delivery. */
  readonly reload?: boolean | undefined
  /** The rejected rows of an earlier delivery that this one corrects. */
  readonly corrects?: Correction | undefined
  /**
   * What has to happen outside of the sink once the delivery is over, such as moving its file. A sink with a ledger records it in the transaction that
   * ends the delivery, whether it was committed, refused or a duplicate. A dry run records nothing.
   */
  readonly after?: readonly FollowUp[] | undefined
}

/** Something to do after a delivery. It may be done twice, so doing it twice must be harmless. */
export interface FollowUp {
  /** What kind of work it is, such as `"archive"`. Whoever does the work asks for its topic. */
  readonly topic: string
  /** What the work needs to know. Not for values of rows. */
  readonly payload: JsonValue
}

/** The rejected rows that a delivery corrects: row n of the file (`origin.row`, from 1) corrects the reject with the number `rejects[n - 1]`. */
export interface Correction {
  /** The id of the delivery that rejected them. */
  readonly delivery: string
  /** Numbers of its rejects in the ledger; undefined for rows of the file that correct none, such as its header. */
  readonly rejects: readonly (number | undefined)[]
  /** The columns of the file, without those that an export adds. Undefined if a row may leave columns out, as in JSON. */
  readonly columns?: readonly string[] | undefined
}
