import ledger from "./migrations/20261101120000_ledger.sql"
import corrections from "./migrations/20261123000000_corrections.sql"
import places from "./migrations/20261129000000_places.sql"

/** One step of the ledger's schema. */
export interface Migration {
  /** goose's version: the number that the file's name begins with. */
  readonly version: string
  readonly name: string
  readonly sql: string
}

/** All steps, oldest first. They are numbered by time, so that they never meet the numbers of other migrations in the same table. */
export const migrations: readonly Migration[] = [
  { version: "20261101120000", name: "ledger", sql: ledger },
  { version: "20261123000000", name: "corrections", sql: corrections },
  { version: "20261129000000", name: "places", sql: places },
]
