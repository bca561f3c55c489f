import type { TableBatch } from "../model/table-batch.ts"

/** What became of the rows that were not refused. */
export interface TableLoadCounts {
  readonly loaded: number
  readonly superseded: number
  readonly skipped: number
  /** Loaded rows that replaced a row of the table. */
  readonly updated: number
  /** Rows that were removed from the table. */
  readonly deleted: number
}

export const noCounts: TableLoadCounts = { loaded: 0, superseded: 0, skipped: 0, updated: 0, deleted: 0 }

export function addCounts(one: TableLoadCounts, other: TableLoadCounts): TableLoadCounts {
  return {
    loaded: one.loaded + other.loaded,
    superseded: one.superseded + other.superseded,
    skipped: one.skipped + other.skipped,
    updated: one.updated + other.updated,
    deleted: one.deleted + other.deleted,
  }
}

/** Rows of one layout on their way into the target, in one of the modes. */
export interface TableLoad {
  write(batch: TableBatch<unknown>): Promise<void>
  /** After the last batch: ends the COPY under way, so that the connection takes other statements. */
  drain(): Promise<void>
  /** After the last batch: every row is in the table, or was refused. */
  finish(): Promise<TableLoadCounts>
  /** Ends what is under way on the connection. The transaction is rolled back afterwards. */
  abandon(): Promise<void>
}
