import type { FollowUp } from "../../contract/delivery.ts"
import type { RunReport } from "../../model/run-report.ts"
import type { ScoreOptions } from "../../score/score-options.ts"
import type { RetryOptions } from "../build/pipeline-options.ts"
import type { SourceInput } from "../build/source-of.ts"
import type { FileWithDigest } from "./hashed-file.ts"

/** Options of one run. */
export interface RunOptions {
  /** The source of this run, such as the file that an event names. It replaces the pipeline's own source, and accepts whatever `from` accepts. */
  readonly source?: SourceInput | undefined
  /** Loads bytes again that were loaded before, and replaces the rows of that delivery. */
  readonly reload?: boolean | undefined
  /** How often to try a delivery again, instead of the pipeline's own setting. */
  readonly retry?: RetryOptions | undefined
  /** Aborts the run with `ABORTED`. The current delivery loads nothing. */
  readonly signal?: AbortSignal | undefined
  /** The time at which rows are judged. Default: the start of the run. */
  readonly asOf?: Date | undefined
  /** Weights for dimensions that `score` gives no weight, for example from the environment. Default: the built-in weights. */
  readonly weights?: ScoreOptions<never>["weights"]
  /**
   * Whether the report counts what normalizing changed in all rows. This may double the time of a run. Default: false; only the first 256
   * rows of a file are examined.
   */
  readonly explain?: boolean | undefined
  /** Called after every batch. */
  readonly onProgress?: ((progress: Progress) => void) | undefined
  /**
   * Called when a delivery has ended, with the report of the run so far. The delivery is the last of its `deliveries`. If a later delivery fails, this
   * is how you know what was loaded.
   */
  readonly onDelivery?: ((soFar: RunReport) => void) | undefined
}

/** Options of `batches`. */
export interface BatchesOptions extends RunOptions {
  /**
   * Pass true if you finish with each batch before you request the next one. rowgate then reuses the memory, which is faster. Columns and rows
   * that you keep would change. Default: false.
   */
  readonly reuse?: boolean | undefined
}

/** How far a delivery has come. */
export interface Progress {
  /** The file. */
  readonly uri: string
  /** Rows read so far. */
  readonly read: number
  /** Rows rejected so far. */
  readonly rejected: number
  /** The attempt, from 1. Each attempt counts its rows from 0. */
  readonly attempt: number
}

/** Options of a run inside the engine. `plan()` is a run with `dryRun`: it does everything except the commit. */
export interface RunSettings extends RunOptions {
  readonly dryRun?: boolean | undefined
  /** See `Context.deadline`. */
  readonly deadline?: Date | undefined
  /** The id of the delivery, for a source of one file. Default: a new UUID. */
  readonly deliveryId?: string | undefined
  /** See `Delivery.after`. */
  readonly after?: ((file: FileWithDigest) => readonly FollowUp[]) | undefined
}
