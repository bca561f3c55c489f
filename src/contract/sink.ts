import type { Batch } from "../model/batch.ts"
import type { JsonValue } from "../model/json-value.ts"
import type { LoadChanges } from "../model/load-changes.ts"
import type { Reject } from "../model/reject.ts"
import type { DeliveryReport, RunReport } from "../model/run-report.ts"
import type { TableNotice } from "../model/table-facts.ts"
import type { Context } from "./context.ts"
import type { Delivery } from "./delivery.ts"

/** Rows that a sink refused, where they may be too many for a list. They are walked before `commit` or `refuse`. */
export interface RefusedRows extends AsyncIterable<Reject> {
  /** How many there are. */
  readonly length: number
}

/** What became of the passing rows, once every row was written. They add up to the rows given to `write`. */
export interface LoadCounts {
  /** Rows that are in the target. */
  readonly loaded: number
  /** Older rows of a key that the delivery brought more than once. */
  readonly superseded: number
  /** Rows that were in the target already, where the mode leaves them alone, or that the target left out without a reason. */
  readonly skipped: number
  /** Rows that the sink itself refused, with the reasons it gave. */
  readonly refused: readonly Reject[] | RefusedRows
  /** What the load does to the target, where the sink can tell. */
  readonly changes?: LoadChanges | undefined
  /** Why the delivery must not be committed, in a sentence, although its rows could be: it is refused then. */
  readonly refusal?: string | undefined
}

/** The decisions of a plan, by key. */
export interface SettledPlan {
  readonly [key: string]: JsonValue
}

/** One delivery's way into a sink. Disposing before `commit` undoes the writes. */
export interface SinkSession<in T> extends AsyncDisposable {
  /** The delivery that loaded the same bytes before: nothing is written then. */
  readonly duplicateOf?: string | undefined
  /** What a reader of the report should know of the target. Asked once the delivery is decided. */
  readonly notices?: readonly TableNotice[] | undefined
  /** Why nothing of the delivery may be loaded, where that is known before its first row: it is refused without being read. */
  readonly refusal?: string | undefined
  /** Takes the batch's passing rows; a sink that keeps rejects takes the failed ones too. The batch is free when it resolves. */
  write(batch: Batch<T>): Promise<void>
  /** After the last batch: every row is decided, nothing is visible yet. Default: all passing rows count as loaded. */
  settle?(sha256: string): Promise<LoadCounts | { readonly duplicateOf: string }>
  /** Makes the rows visible, together with what the report says. */
  commit(report: DeliveryReport): Promise<void>
  /** Undoes the rows and records the refusal, or the dry run, where the sink keeps records. Default: nothing but disposing. */
  refuse?(report: DeliveryReport): Promise<void>
}

/** Where passing rows go. Nothing connects before `open`. */
export interface Sink<in T> {
  /** For messages. */
  readonly name: string
  /** `"once"`: holds the ledger; a pipeline has at most one. */
  readonly delivery: "once" | "at-least-once"
  /**
   * How many files one run may bring, and in which order. `"any"` (default): any number, also at the same time. `"in order"`: one after another, as
   * the source lists them. `"one"`: a single file, because each one takes the place of the one before; more stop the run with `CONFIG_INVALID`.
   */
  readonly files?: "any" | "in order" | "one" | undefined
  /** Begins what `open` needs whatever the delivery is, such as loading a driver, while a file is hashed. `open` says what went wrong. */
  prepare?(context: Context): void
  /** What an earlier delivery has settled of how its file is read, for rows that correct its rejects. Undefined where nothing is known. */
  planOf?(context: Context, delivery: string): Promise<SettledPlan | undefined>
  /** Opens the way for one delivery. Called for each, also at the same time. */
  open(context: Context, delivery: Delivery): Promise<SinkSession<T>>
  /** After all deliveries of a run, whatever became of them. */
  close?(report: RunReport | undefined): Promise<void>
}
