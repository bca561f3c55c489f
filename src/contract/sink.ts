import type { Batch } from "../model/batch.ts"
import type { JsonValue } from "../model/json-value.ts"
import type { LoadChanges } from "../model/load-changes.ts"
import type { Reject } from "../model/reject.ts"
import type { DeliveryReport, RunReport } from "../model/run-report.ts"
import type { TableNotice } from "../model/table-facts.ts"
import type { Context } from "./context.ts"
import type { Delivery } from "./delivery.ts"

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
}

/** The decisions of a plan by key. */
export interface SettledPlan {
  readonly [key: string]: JsonValue
}

/**
 * One delivery into a sink. rowgate calls `write` for each batch, then `settle` once, then `commit` or `refuse`, and always disposes at the end.
 * Disposing before `commit` undoes the writes.
 */
export interface SinkSession<in T> extends AsyncDisposable {
  /** The id of the delivery that loaded the same bytes before. If it is set, rowgate writes nothing. */
  readonly duplicateOf?: string | undefined
  /** What a reader of the report should know about the target. rowgate reads it once the outcome is known. */
  readonly notices?: readonly TableNotice[] | undefined
  /** Why the delivery cannot be loaded, if that is known before its first row. rowgate then refuses it without reading the file. */
  readonly refusal?: string | undefined
  /** Takes the passing rows of a batch; a sink that keeps rejects takes the failed rows too. Do not use the batch after the promise resolves. */
  write(batch: Batch<T>): Promise<void>
  /** Decides about every row after the last batch; nothing may be visible yet. Without this method, all passing rows count as loaded. */
  settle?(sha256: string): Promise<LoadCounts | { readonly duplicateOf: string }>
  /** Makes the rows and the report visible together. */
  commit(report: DeliveryReport): Promise<void>
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
  /** Starts work that every delivery needs, such as loading a driver, while rowgate hashes the file. If it fails, let `open` report it. */
  prepare?(context: Context): void
  /** The plan by which an earlier delivery was read, for rows that correct its rejects. Undefined if the sink has no record of it. */
  planOf?(context: Context, delivery: string): Promise<SettledPlan | undefined>
  /** Opens a session for one delivery. Deliveries may be open at the same time. */
  open(context: Context, delivery: Delivery): Promise<SinkSession<T>>
  /** Called after all deliveries of a run, whatever their outcome. */
  close?(report: RunReport | undefined): Promise<void>
}
