import type { Logger } from "../../contract/logger.ts"

/** Options of `createPipeline`. */
export interface PipelineOptions {
  /** Part of every delivery's identity: the same bytes load once for each pipeline and target. */
  readonly name: string
  /** The declared version of schema, rules and normalizers, recorded with every delivery. */
  readonly version?: string | undefined
  /** Default: says nothing. */
  readonly logger?: Logger | undefined
  /** Most rows of a batch. Default 8,192, of csv 4,096; the first batches of a csv are smaller. */
  readonly batchRows?: number | undefined
  /** Files of one run that are read at once. Default 1. */
  readonly concurrency?: number | undefined
  /** Beyond it a delivery is refused: nothing of it is loaded, and its rejects and score are kept. Default: no limit. */
  readonly budget?: RejectBudget | undefined
  /** What a table without rows is: `"refuse"` (default) stops its delivery with `TABLE_EMPTY`, `"allow"` loads nothing and records it. */
  readonly empty?: "refuse" | "allow" | undefined
  /** How often a delivery is tried again that failed for what may pass by itself. */
  readonly retry?: RetryOptions | undefined
}

/**
 * Tries a delivery again, as a whole and from the first byte, where others were in the way or a connection was lost: `SINK_BUSY`, `LEASE_LOST`,
 * `SINK_UNREACHABLE` once the target was reached, and `SOURCE_UNREADABLE` where it may pass. Never after a commit, nor where the outcome of
 * one is not known, nor for rows that can be read once only, such as those of a generator.
 */
export interface RetryOptions {
  /** Attempts in all; default 5. 1: the first failure is final. */
  readonly attempts?: number | undefined
  /** Milliseconds that the first pause takes at most; each one may take twice the one before, and has a random length. Default 500. */
  readonly delayMs?: number | undefined
  /** Milliseconds that any pause takes at most; default 15,000. */
  readonly maxDelayMs?: number | undefined
}

/** How many rows a delivery may set aside and still be loaded. */
export interface RejectBudget {
  /** Most rejected rows. Default: any number. */
  readonly rows?: number | undefined
  /** Most rejected rows as a share of the rows read, 0 to 1. Default 1. */
  readonly share?: number | undefined
}
