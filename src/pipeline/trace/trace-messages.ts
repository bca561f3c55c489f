import type { DeliveryOutcome, RowCounts } from "../../model/run-report.ts"
import type { Scorecard } from "../../model/scorecard.ts"

/** What every message of a tracing channel says about its run. No message has a value of a row. */
export interface RunOfTrace {
  /** The UUID of the call of `run`. */
  readonly runId: string
  /** The pipeline's name. */
  readonly pipeline: string
  /** What was thrown, if the operation failed. */
  readonly error?: unknown
}

/** A message of the channel `rowgate:run`: one call of `run`, `plan` or `replay`. */
export interface RunTrace extends RunOfTrace {
  /** Whether the run loads nothing, because `plan` was called. */
  readonly dryRun: boolean
  /** At the end: the sum of the counts of all deliveries. */
  readonly counts?: RowCounts
  /** At the end: how many deliveries there were. */
  readonly deliveries?: number
}

/** A message of the channel `rowgate:delivery`: one attempt to deliver a file. */
export interface DeliveryTrace extends RunOfTrace {
  /** The UUID of this attempt, as in the ledger. */
  readonly deliveryId: string
  /** The URI of the file. */
  readonly uri: string
  /** The version of the file, if its source has versions. */
  readonly version?: string
  /** The bytes of the file, if its source knows them. */
  readonly size?: number
  /** The number of the attempt, from 1. */
  readonly attempt: number
  /** At the end: how the delivery ended. */
  readonly outcome?: DeliveryOutcome
  /** At the end: where the rows went. */
  readonly counts?: RowCounts
  /** At the end: the score, unless the rows were not read. */
  readonly score?: Pick<Scorecard, "overall" | "dimensions">
}

/** A message of the channel `rowgate:stage`: the parser or a stage, for one reading of a file. */
export interface StageTrace extends RunOfTrace {
  /** The URI of the file. */
  readonly uri: string
  /** The name of the parser or of the stage. */
  readonly stage: string
  /** 0 for the parser, then the stages from 1. */
  readonly position: number
  /** At the end: how many batches it returned. */
  readonly batches?: number
  /** At the end: how many rows those had, with failed ones. */
  readonly rows?: number
  /** At the end: how many of those rows still passed. */
  readonly passed?: number
  /** At the end: the milliseconds it took to return them, without those of the stages before it. The parser's include waiting for the source. */
  readonly ms?: number
}

/** A message of the channel `rowgate:sink`: one call of a sink, or of its session. */
export interface SinkTrace extends RunOfTrace {
  /** The UUID of the delivery. */
  readonly deliveryId: string
  /** The URI of the file. */
  readonly uri: string
  /** The name of the sink. */
  readonly sink: string
  /** Which method was called. */
  readonly operation: "open" | "write" | "settle" | "commit" | "refuse"
  /** For `write`: how many rows the batch has, with failed ones. */
  readonly rows?: number
}
