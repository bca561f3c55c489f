/** What a load changes in its target, or would change. */
export interface LoadChanges {
  /** The migrations of the ledger that run first; empty if it is up to date. */
  readonly migrations?: readonly string[] | undefined
  /** The statements that create or widen the table. */
  readonly ddl: readonly string[]
  /** Rows that are added; in a history, versions that begin. */
  readonly inserted: number
  /** Rows that are changed; in a history, versions that end. Only a planned load counts them apart from added rows. */
  readonly updated: number
  /** Rows that are removed. */
  readonly deleted: number
}
