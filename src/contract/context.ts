import type { CheckStates } from "./check-states.ts"
import type { Logger } from "./logger.ts"
import type { Plan } from "./plan.ts"

/** What a run passes to every source, parser, stage and sink. */
export interface Context {
  /** The UUID of the call of `run`. */
  readonly runId: string
  /** Aborted when the run must end. Check it wherever you wait or loop. */
  readonly signal: AbortSignal
  /** Where messages go. Never pass it a value of a row. */
  readonly logger: Logger
  /** The instant that counts as now. Use it and never read the clock. */
  readonly asOf: Date
  /**
   * When the process may be frozen or killed, as in a function with a time limit. A sink makes sure that nothing it holds outlives this instant for long.
   * Default: the process decides itself when it ends.
   */
  readonly deadline?: Date | undefined
  /** The decisions that are made before the first row. A stage that gets no plan makes its own. */
  readonly plan?: Plan | undefined
  /** Columns that the next schema of the pipeline names. Undefined if there is no schema, or if a stage before it may use other columns. */
  readonly properties?: ReadonlySet<string> | undefined
  /** Columns that earlier stages declare as decimals: texts such as `3.0` and `3.00` of such a column are one value. Default: none. */
  readonly decimals?: ReadonlySet<string> | undefined
  /**
   * Headers that the following stages expect, up to the next schema. A parser that looks for the header takes them as evidence, and `normalize` does
   * not count them as unexpected. Default: none.
   */
  readonly headers?: ReadonlySet<string> | undefined
  /**
   * Columns that the pipeline's stages take as objects. A parser that makes columns of the keys of nested objects leaves these whole. Default: none.
   */
  readonly nested?: ReadonlySet<string> | undefined
  /**
   * True if the stages tell an empty text from no value. A parser then returns null for a cell that its file leaves empty, and `""` only for an empty
   * text that is written as one, such as quotes without a text. Default: false; both may be `""`.
   */
  readonly emptyIsNull?: boolean | undefined
  /** The most rows in a batch. Default: 8,192, for csv 4,096; the first batches of a csv file are smaller. */
  readonly batchRows?: number | undefined
  /** The most bytes of raw text in a batch. Default: 4 MiB; a longer row is a separate batch. */
  readonly batchBytes?: number | undefined
  /**
   * True if the caller finishes with each batch before it requests the next one. A parser may then reuse the memory of a batch, but need not.
   * Default: false.
   */
  readonly reuse?: boolean | undefined
  /** Whether to count what normalizing changes in all rows. Default: false; only the first rows are examined. */
  readonly explain?: boolean | undefined
  /** Set if the rows are one part of a file whose parts are checked separately. Checks then exchange what they remember through it. */
  readonly states?: CheckStates | undefined
}
