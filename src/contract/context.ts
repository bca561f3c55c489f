import type { Logger } from "./logger.ts"
import type { PlanBook } from "./plan-book.ts"

/** What a run hands to everything that takes part in it. */
export interface Context {
  readonly runId: string
  readonly signal: AbortSignal
  readonly logger: Logger
  /** The instant that the run judges by. Nothing else reads the clock. */
  readonly asOf: Date
  /** What is settled before the first row. A stage that runs without one settles for itself. */
  readonly plan?: PlanBook | undefined
  /** Most rows of a batch. Default 8,192. */
  readonly batchRows?: number | undefined
  /** Most bytes of raw text of a batch. Default 4 MiB; a single longer row is a batch of its own. */
  readonly batchBytes?: number | undefined
}
