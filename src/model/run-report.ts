import type { JsonValue } from "./json-value.ts"
import type { LoadChanges } from "./load-changes.ts"
import type { Scorecard } from "./scorecard.ts"
import type { TableNotice } from "./table-facts.ts"

/** Read = loaded + rejected + filtered + superseded + skipped + withheld, whatever the outcome. */
export interface RowCounts {
  /** Rows of the files. */
  readonly read: number
  /** In the target. */
  readonly loaded: number
  /** Set aside with their reasons. */
  readonly rejected: number
  /** Dropped by `filter`. */
  readonly filtered: number
  /** Older rows of a key that this delivery brought more than once. */
  readonly superseded: number
  /** Already in the target, where the mode leaves them alone; left out by a trigger of it; or every row of a delivery that was loaded before. */
  readonly skipped: number
  /** Good rows of a delivery that was refused, or only tried. */
  readonly withheld: number
}

/** How a delivery ended. */
export type DeliveryOutcome = "loaded" | "duplicate" | "refused" | "dry"

/** One version of one file: one claim, one plan, one score, one gate, one transaction. */
export interface DeliveryReport extends RowCounts {
  /** The delivery's UUID; the ledger knows it by it. */
  readonly deliveryId: string
  /** The file. */
  readonly uri: string
  /** The version of the file, where its source has versions. */
  readonly version?: string
  /** Which table of the file was read, such as `Prices!B4:H90`; left out where it is the one that is read without options. */
  readonly sourceTable?: string
  /** Of the file's bytes, in hex. */
  readonly sha256: string
  /** `"duplicate"`: these bytes were loaded before. `"refused"`: a gate or the error budget said no. `"dry"`: tried, rolled back. */
  readonly outcome: DeliveryOutcome
  /** Why, where the outcome is not `"loaded"`. */
  readonly reason?: string
  /** The delivery that loaded these bytes before. */
  readonly duplicateOf?: string
  /** How often each issue code stood on a row. */
  readonly issues: { readonly [code: string]: number }
  /** What the reader noticed about the table as a whole. */
  readonly notices: readonly TableNotice[]
  /** How the file was read. */
  readonly plan: { readonly [fact: string]: JsonValue }
  /** What the load would do to its target, where it was only planned and the sink can tell. */
  readonly changes?: LoadChanges
  /** How good the rows were; undefined for a duplicate, whose rows were not looked at. */
  readonly score: Scorecard | undefined
}

/** All deliveries of a run, added up. */
export interface RunReport extends RowCounts {
  /** A new UUID for each call of `run`. */
  readonly runId: string
  /** The pipeline's name. */
  readonly pipeline: string
  /** The report of each file, in the order of the source. */
  readonly deliveries: readonly DeliveryReport[]
}

/** A count of zero of everything. */
export const noRows: RowCounts = { read: 0, loaded: 0, rejected: 0, filtered: 0, superseded: 0, skipped: 0, withheld: 0 }

/** Row counts of one and another together. */
export function addCounts(one: RowCounts, other: RowCounts): RowCounts {
  return {
    read: one.read + other.read,
    loaded: one.loaded + other.loaded,
    rejected: one.rejected + other.rejected,
    filtered: one.filtered + other.filtered,
    superseded: one.superseded + other.superseded,
    skipped: one.skipped + other.skipped,
    withheld: one.withheld + other.withheld,
  }
}

/** Whether every row that was read is accounted for, once. */
export function conserves(counts: RowCounts): boolean {
  const { read, loaded, rejected, filtered, superseded, skipped, withheld } = counts
  return read === loaded + rejected + filtered + superseded + skipped + withheld
}
