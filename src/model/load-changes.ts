/** What a load does to its target, or would do. */
export interface LoadChanges {
  /** Steps of the ledger's own schema that come first. None where it is up to date. */
  readonly migrations?: readonly string[] | undefined
  /** Statements that make or widen the table. */
  readonly ddl: readonly string[]
  /** Rows that are added; in a history, versions that begin. */
  readonly inserted: number
  /** Rows that are changed; in a history, versions that end. Told apart from added ones where a load is planned, and then only. */
  readonly updated: number
  /** Rows that are removed. */
  readonly deleted: number
}
