import type { ColumnReport } from "./column-report.ts"
import type { DriftReport } from "./drift.ts"
import type { JsonValue } from "./json-value.ts"
import type { LoadChanges } from "./load-changes.ts"
import type { NormalizedCells } from "./normalized-cells.ts"
import type { RuleExample } from "./rule-example.ts"
import type { Scorecard } from "./scorecard.ts"
import type { TableNotice } from "./table-facts.ts"

/** Where the rows ended. For every outcome, read = loaded + rejected + filtered + superseded + skipped + withheld. */
export interface RowCounts {
  /** Rows that were read. */
  readonly read: number
  /** Rows that are in the target. */
  readonly loaded: number
  /** Rows that were set aside with their reasons. */
  readonly rejected: number
  /** Rows that `filter` dropped. */
  readonly filtered: number
  /** Older rows of a key that occurs more than once in the delivery. */
  readonly superseded: number
  /** Rows that were already in the target, if the mode keeps those; rows that a trigger left out; all rows of a delivery that was loaded before. */
  readonly skipped: number
  /** Good rows of a delivery that was refused, or of a dry run. */
  readonly withheld: number
}

/** How a delivery ended. */
export type DeliveryOutcome = "loaded" | "duplicate" | "refused" | "dry"

/** One version of one file: one claim, one plan, one score, one gate, one transaction. */
export interface DeliveryReport extends RowCounts {
  /** The UUID of the delivery, as in the ledger. For a duplicate, the UUID of the delivery that loaded these bytes. */
  readonly deliveryId: string
  /** The URI of the file. */
  readonly uri: string
  /** The version of the file, if its source has versions. */
  readonly version?: string
  /** The table that was read, such as `Prices!B4:H90`; left out for the table that the parser reads without options. */
  readonly sourceTable?: string
  /** The SHA-256 of the file's bytes, in hex. */
  readonly sha256: string
  /** `"duplicate"`: these bytes were loaded before. `"refused"`: the score, the number of rejects or the target did not allow it. `"dry"`: tried and rolled back. */
  readonly outcome: DeliveryOutcome
  /** Why the outcome is `"duplicate"` or `"refused"`. */
  readonly reason?: string
  /** The id of the delivery that loaded these bytes before. */
  readonly duplicateOf?: string
  /** How many lines or rows of the file are above, between or below its tables, and so are in no other count. Left out if there are none; notices tell where. */
  readonly skippedAbove?: number
  /** How often each issue code occurred. */
  readonly issues: { readonly [code: string]: number }
  /** The first three rows that break each rule, by the rule of their issues. Their cells are in the rejects. Left out if the rows were not read. */
  readonly examples?: { readonly [rule: string]: readonly RuleExample[] }
  /** What the reader noticed about the table as a whole. */
  readonly notices: readonly TableNotice[]
  /** The columns of the file in its order, and then those that were added. Left out if the rows were not read, as for a duplicate. */
  readonly columns?: readonly ColumnReport[]
  /** How the file was read. */
  readonly plan: { readonly [fact: string]: JsonValue }
  /** What normalizing changed in cells, with examples. Left out if it changed none. */
  readonly normalized?: NormalizedCells
  /** What the load would change in its target, for a dry run whose sink can tell. */
  readonly changes?: LoadChanges
  /** How it differs from earlier deliveries. Left out if it was not compared. */
  readonly drift?: DriftReport
  /** The score; undefined if the rows were not read, as for a duplicate. */
  readonly score: Scorecard | undefined
}

/** The deliveries of a run and the sum of their counts. */
export interface RunReport extends RowCounts {
  /** A new UUID for each call of `run`. */
  readonly runId: string
  /** The pipeline's name. */
  readonly pipeline: string
  /** The report of each file, in the order of the source. */
  readonly deliveries: readonly DeliveryReport[]
}

/** Zero for every count. */
export const noRows: RowCounts = { read: 0, loaded: 0, rejected: 0, filtered: 0, superseded: 0, skipped: 0, withheld: 0 }

/** The sum of two row counts. */
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

/** Only the counts of a report, in their order. */
export function countsOf({ read, loaded, rejected, filtered, superseded, skipped, withheld }: RowCounts): RowCounts {
  return { read, loaded, rejected, filtered, superseded, skipped, withheld }
}

/** Whether the counts account for every row exactly once. */
export function conserves(counts: RowCounts): boolean {
  const { read, loaded, rejected, filtered, superseded, skipped, withheld } = counts
  return read === loaded + rejected + filtered + superseded + skipped + withheld
}
