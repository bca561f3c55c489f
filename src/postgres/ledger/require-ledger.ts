import { RowgateError } from "../../errors/rowgate-error.ts"
import type { Queryable } from "../connection/database.ts"

/** Throws `LEDGER_MISSING` if the database has no ledger, or if its ledger lacks the newest migration. */
export async function requireLedger(asker: Queryable, database?: string): Promise<void> {
  const { rows } = await asker.query(
    `SELECT to_regclass('rowgate.run') IS NOT NULL AS there,
            to_regclass('rowgate.column_profile') IS NOT NULL AS whole`,
  )
  if (rows[0]?.["whole"] === true) return
  const isThere = rows[0]?.["there"] === true
  throw new RowgateError({
    code: "LEDGER_MISSING",
    message: isThere
      ? "The ledger of this database lacks the newest migration."
      : "The database has no ledger: the table rowgate.run does not exist.",
    remedy: "Run `rowgate migrate` once for this database, or call migrate(pool) from rowgate/postgres.",
    origin: { uri: database },
  })
}
