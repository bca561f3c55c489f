import type { TableBatch } from "../model/table-batch.ts"

/** What became of the rows that were not refused. */
export interface TableLoadCounts {
  readonly loaded: number
  readonly superseded: number
  readonly skipped: number
  /** Of the loaded rows, those in the place of others. */
  readonly updated: number
  /** Rows of the target that went. */
  readonly deleted: number
}

/** Rows of one layout on their way into the target, in one of the modes. */
export interface TableLoad {
  write(batch: TableBatch<unknown>): Promise<void>
  /** After the last batch: ends the COPY under way, so that the connection takes other statements. */
  drain(): Promise<void>
  /** After the last batch: every row is in, or was refused. */
  finish(): Promise<TableLoadCounts>
  /** Ends what is under way on the connection; the transaction is rolled back afterwards. */
  abandon(): Promise<void>
}
