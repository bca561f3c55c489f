import ledger from "./migrations/20261101120000_ledger.sql"

/** One step of the ledger's schema. */
export interface Migration {
  /** goose's version: the number that the file's name begins with. */
  readonly version: string
  readonly name: string
  readonly sql: string
}

/** All steps, oldest first. They are numbered by time, so that they never meet the numbers of other migrations in the same table. */
export const migrations: readonly Migration[] = [{ version: "20261101120000", name: "ledger", sql: ledger }]
