import type { Batch, Batches } from "../model/batch.ts"
import type { ColumnProfile, EarlierDelivery } from "../model/column-profile.ts"
import type { JsonValue } from "../model/json-value.ts"
import type { LoadChanges } from "../model/load-changes.ts"
import type { Reject } from "../model/reject.ts"
import type { DeliveryReport, RunReport } from "../model/run-report.ts"
import type { TableNotice } from "../model/table-facts.ts"
import type { Context } from "./context.ts"
import type { Delivery } from "./delivery.ts"
import type { Plan } from "./plan.ts"

/** Refused rows that may be too many for an array. rowgate iterates over them before `commit` or `refuse`. */
export interface RefusedRows extends AsyncIterable<Reject> {
  /** How many there are. */
  readonly length: number
}

/** What became of the passing rows after the last `write`. The counts add up to the number of passing rows. */
export interface LoadCounts {
  /** Rows that are in the target. */
  readonly loaded: number
  /** Older rows of a key that occurs more than once in the delivery. */
  readonly superseded: number
  /** Rows that were already in the target, if the mode keeps those, and rows that the target left out without a reason. */
  readonly skipped: number
  /** Rows that the sink refused, each with its reasons. */
  readonly refused: readonly Reject[] | RefusedRows
  /** What the load changes in the target, if the sink can tell. */
  readonly changes?: LoadChanges | undefined
  /** Why the delivery must not be committed although its rows could be, as a sentence. rowgate then refuses the delivery. */
  readonly refusal?: string | undefined
  /** What a reader of the report should know if the delivery is committed. Default: nothing. */
  readonly committed?: readonly TableNotice[] | undefined
}

/** The decisions of a plan by key. */
export interface SettledPlan {
  readonly [key: string]: JsonValue
}

/** A part of a delivery whose parts are staged one by one, perhaps at the same time and by different processes. */
export interface DeliveryPart {
  /** Its number, from 0. Parts are loaded in the order of their numbers. */
  readonly number: number
  /**
   * A name for its rows that changes when they do, such as the key of an object that is written once. A part that was staged from the same source is
   * not staged again. Default: the part is always staged again.
   */
  readonly source?: string | undefined
  /** Its rows. Only passing rows are staged. */
  readonly batches: Batches<unknown>
}

/** What became of the passing rows of a part. */
export interface StagedPart {
  /** Rows that wait in the sink. None if the delivery was loaded before. */
  readonly rows: number
  /** Rows that the sink refused. They become rejects when the delivery is loaded. */
  readonly refused: number
}

/** All staged parts of a delivery. */
export interface StagedParts {
  /** How many parts there are. */
  readonly count: number
  /** How many passing rows a part has. The sink loads nothing if it has another number. */
  passing(part: number): number
  /**
   * A row of a part, for the reject if the sink refuses it. `row` counts all rows of the part's batches from 0, including rows that do not pass. The sink
   * asks part by part, in ascending order; it is done with a batch when it asks for the next row.
   */
  rowAt(part: number, row: number): Promise<{ readonly batch: Batch<unknown>; readonly row: number }>
}

/**
 * One delivery into a sink. rowgate calls `write` for each batch, then `settle` once, then `commit` or `refuse`, and always disposes at the end.
 * Disposing before `commit` undoes the writes.
 */
export interface SinkSession<in T> extends AsyncDisposable {
  /** The id of the delivery that loaded the same bytes before. If it is set, rowgate writes nothing. */
  readonly duplicateOf?: string | undefined
  /** The report with which this delivery, by its id, was refused before, if it is loaded again. If it is set, rowgate writes nothing. */
  readonly refused?: DeliveryReport | undefined
  /** What a reader of the report should know about the target. rowgate reads it once the outcome is known. */
  readonly notices?: readonly TableNotice[] | undefined
  /** Why the delivery cannot be loaded, if that is known before its first row. rowgate then refuses it without reading the file. */
  readonly refusal?: string | undefined
  /** Takes the passing rows of a batch; a sink that keeps rejects takes the failed rows too. Do not use the batch after the promise resolves. */
  write(batch: Batch<T>): Promise<void>
  /**
   * Takes the rows that `Sink.stage` staged, instead of passing rows in `write`. Called once, before the first `write`; the batches of `write` then have
   * no passing rows. Throws if a part is missing, or if it does not have the rows that it should have.
   */
  adopt?(parts: StagedParts): Promise<void>
  /** Decides about every row after the last batch; nothing may be visible yet. Without this method, all passing rows count as loaded. */
  settle?(sha256: string): Promise<LoadCounts | { readonly duplicateOf: string }>
  /**
   * The latest deliveries of the same pipeline that were loaded into this target, at most so many, the latest first. rowgate calls it after `settle`. Without this
   * method, deliveries are not compared.
   */
  history?(most: number): Promise<readonly EarlierDelivery[]>
  /** Takes the profile of this delivery, which `commit` stores for later comparisons. Called before `commit`, for deliveries that are worth comparing. */
  keepProfile?(columns: readonly ColumnProfile[]): void
  /** Returns the report without what the sink keeps secret. rowgate calls it before `commit` or `refuse`. Without this method, the report stays as it is. */
  redact?(report: DeliveryReport): DeliveryReport
  /** Makes the rows and the report visible together. */
  commit(report: DeliveryReport): Promise<void>
  /** Called before the session is disposed of, if something else has failed: what a sink that keeps records may say about it. */
  fail?(error: unknown): void
  /** Undoes the rows and records the refusal or the dry run, if the sink keeps records. Without this method, rowgate only disposes. */
  refuse?(report: DeliveryReport): Promise<void>
}

/** Where passing rows go. A sink connects to nothing before `open`. */
export interface Sink<in T> {
  /** A name for messages. */
  readonly name: string
  /** `"once"`: the sink keeps a ledger and loads the same bytes once. A pipeline has at most one such sink. */
  readonly delivery: "once" | "at-least-once"
  /**
   * How many files one run may deliver, and in which order. `"any"` (default): any number, in parallel. `"in order"`: one after another, as the
   * source lists them. `"one"`: a single file, because each file replaces the one before it; a second file stops the run with `CONFIG_INVALID`.
   */
  readonly files?: "any" | "in order" | "one" | undefined
  /** Whether reports must not show cells of a column, by its name in the rows. Default: they may show all. */
  hides?(column: string, plan: Pick<Plan, "headers">): boolean
  /** Starts work that every delivery needs, such as loading a driver, while rowgate hashes the file. If it fails, let `open` report it. */
  prepare?(context: Context): void
  /** The plan by which an earlier delivery was read, for rows that correct its rejects. Undefined if the sink has no record of it. */
  planOf?(context: Context, delivery: string): Promise<SettledPlan | undefined>
  /** Which of these columns of the rows go into a column of texts that exists already. A contract that is only inferred leaves their cells as they are. */
  textColumns?(context: Context, columns: readonly string[]): Promise<ReadonlySet<string>>
  /** Opens a session for one delivery. Deliveries may be open at the same time. */
  open(context: Context, delivery: Delivery): Promise<SinkSession<T>>
  /**
   * Stages the passing rows of one part, so that `SinkSession.adopt` can load all parts of the delivery in one transaction. You can call it again and at the
   * same time, also for the same part: only one call succeeds in staging it, or several return the same result.
   */
  stage?(context: Context, delivery: Delivery, part: DeliveryPart): Promise<StagedPart>
  /** Removes what was staged for a delivery that will not be loaded. Does nothing if nothing is staged. */
  unstage?(context: Context, delivery: string): Promise<void>
  /** Called after all deliveries of a run, whatever their outcome. */
  close?(report: RunReport | undefined): Promise<void>
}
