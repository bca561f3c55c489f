import type { ScoreOptions } from "../../score/score-options.ts"
import type { RetryOptions } from "../build/pipeline-options.ts"
import type { SourceInput } from "../build/source-of.ts"

/** Options of one run. */
export interface RunOptions {
  /** Runs the definition on this instead: the delivery that an event names. Takes what `from` takes. */
  readonly source?: SourceInput | undefined
  /** Loads bytes that were loaded before once more, in place of that delivery's rows. */
  readonly reload?: boolean | undefined
  /** In place of the pipeline's own. */
  readonly retry?: RetryOptions | undefined
  /** Ends the run with `ABORTED`; the delivery at hand has loaded nothing. */
  readonly signal?: AbortSignal | undefined
  /** The instant to judge by. Default: when the run begins. */
  readonly asOf?: Date | undefined
  /** Weights of the dimensions that `score` gives none: what an environment says. Default: the built-in ones. */
  readonly weights?: ScoreOptions<never>["weights"]
  /** Called after every batch. */
  readonly onProgress?: ((progress: Progress) => void) | undefined
}

/** Options of walking batches. */
export interface BatchesOptions extends RunOptions {
  /**
   * Whether you are done with each batch when you ask for the next one, so that the same memory can be filled again, which takes less time.
   * Columns that were kept, and what was not yet read of rows, would then change. Default false.
   */
  readonly reuse?: boolean | undefined
}

/** How far a delivery has come. */
export interface Progress {
  /** The file. */
  readonly uri: string
  /** Rows so far. */
  readonly read: number
  /** Rows that were set aside so far. */
  readonly rejected: number
  /** From 1: a delivery that is tried again counts its rows from 0. */
  readonly attempt: number
}

/** A run as the engine carries it out: `plan` is a run that does everything but the commit. */
export interface RunSettings extends RunOptions {
  readonly dryRun?: boolean | undefined
}
