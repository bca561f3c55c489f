import type { Logger } from "../../contract/logger.ts"

/** Options of `createPipeline`. */
export interface PipelineOptions {
  /** The name of the pipeline. The same bytes are loaded once for each name and target. */
  readonly name: string
  /** The version that you give to the schema, rules and normalizers. It is recorded with every delivery. */
  readonly version?: string | undefined
  /** Where the pipeline logs. Default: nowhere. */
  readonly logger?: Logger | undefined
  /** The most rows in a batch. Default: 8,192, for csv 4,096; the first batches of a csv file are smaller. */
  readonly batchRows?: number | undefined
  /** How many files of a run are read in parallel. Default: 1. */
  readonly concurrency?: number | undefined
  /**
   * How many rejects a delivery may have. A delivery with more is refused: none of its rows are loaded, but its rejects and score are kept.
   * Default: not all of its rows.
   */
  readonly budget?: RejectBudget | undefined
  /** How many rows a delivery must have, and how old its file may be. Any other is refused, as by a budget. Default: any number, and any age. */
  readonly volume?: VolumeBounds | undefined
  /** What to do with a table without rows: `"refuse"` (default) stops the delivery with `TABLE_EMPTY`; `"allow"` records a delivery of no rows. */
  readonly empty?: "refuse" | "allow" | undefined
  /** How often to try a delivery again after a failure that may go away by itself. */
  readonly retry?: RetryOptions | undefined
}

/**
 * How to try a delivery again, from its first byte, after a failure that may go away by itself: `SINK_BUSY`, `LEASE_LOST`, `SOURCE_UNREADABLE`, and
 * `SINK_UNREACHABLE` if the target was reached before. A delivery is not tried again if a sink has committed, if the outcome of a commit is
 * unknown, or if its rows can be read only once, as those of a generator.
 */
export interface RetryOptions {
  /** The number of attempts, including the first. With 1, nothing is tried again. Default: 5. */
  readonly attempts?: number | undefined
  /** The most milliseconds of the first pause. Each pause has a random length, and its limit is twice the one before. Default: 500. */
  readonly delayMs?: number | undefined
  /** The most milliseconds of any pause. Default: 15,000. */
  readonly maxDelayMs?: number | undefined
}

/** How many rows of a delivery may be rejected, and how many issues it may have, before the delivery is refused. */
export interface RejectBudget {
  /** The most rejected rows. Default: any number. */
  readonly rows?: number | undefined
  /** The greatest share of rejected rows among the rows read, 0 to 1. With 1, all may be rejected. Default: any share, but not all rows. */
  readonly share?: number | undefined
  /** The most issues of a code, warnings too: `{ "string.email": 10 }`. Default: any number. */
  readonly codes?: { readonly [code: string]: number | undefined } | undefined
  /** The most issues that blame a column and are errors: `{ amount: 0 }`. Default: any number. */
  readonly columns?: { readonly [column: string]: number | undefined } | undefined
}

/** How many rows are read from a delivery: those that are loaded, and those that are rejected or filtered; and how old its file is. */
export interface VolumeBounds {
  /** The fewest rows. Default: 0. */
  readonly least?: number | undefined
  /** The most rows. Default: any number. */
  readonly most?: number | undefined
  /**
   * The most hours from the last change of the file to `asOf` of the run: that of the file on disk, or of the object in S3. A file of which this time is not
   * known, such as bytes in memory, is refused. Default: any age.
   */
  readonly mostAgeHours?: number | undefined
}
