import type { Logger } from "./logger.ts"
import type { PlanBook } from "./plan-book.ts"

/** What a run hands to everything that takes part in it. */
export interface Context {
  /** The call of `run` that everything belongs to. */
  readonly runId: string
  /** Aborted when the run is to end: whatever waits or loops looks at it. */
  readonly signal: AbortSignal
  /** Where messages go; no row value is given to it. */
  readonly logger: Logger
  /** The instant that the run judges by. Nothing else reads the clock. */
  readonly asOf: Date
  /** What is settled before the first row. A stage that runs without one settles for itself. */
  readonly plan?: PlanBook | undefined
  /** Most rows of a batch. Default 8,192, of csv 4,096; the first batches of a csv are smaller. */
  readonly batchRows?: number | undefined
  /** Most bytes of raw text of a batch. Default 4 MiB; a single longer row is a batch of its own. */
  readonly batchBytes?: number | undefined
  /**
   * Whether whoever walks the batches is done with each when it asks for the next one, so that a parser may fill the same memory again. A parser
   * need not heed it. Default false.
   */
  readonly reuse?: boolean | undefined
}
