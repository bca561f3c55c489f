import { checkOptions } from "../../options/check-options.ts"
import { milliseconds, needed } from "../../options/option-kinds.ts"
import { stagingLock } from "../parts/part-claim.ts"
import { dropStaging, dropTable, stagingTableName, stagingTableSql } from "../parts/staging-table.ts"
import { checkAccess, type LedgerAccess, onLedger } from "./ledger-access.ts"

/** Options of `dropStaleParts`. */
export interface DropStalePartsOptions {
  /** Milliseconds, by the database's clock, since a part was last begun. It must be longer than a delivery takes from its first part to its end. */
  readonly olderThanMs: number
}

/**
 * Drops what was staged for deliveries that nobody works on any more, and staging tables that the end of a delivery could not drop because they were in use.
 * Resolves with the ids of the deliveries. A delivery that is loading its parts right now is left alone. Throws `LEDGER_MISSING`, `SINK_UNREACHABLE`, or
 * `SINK_REFUSED` if the user may not change the ledger.
 */
export async function dropStaleParts(access: LedgerAccess, options: DropStalePartsOptions): Promise<readonly string[]> {
  checkAccess("dropStaleParts()", access)
  checkOptions("dropStaleParts()", options, { olderThanMs: needed(milliseconds()) })
  return onLedger(access, async (connection) => {
    const stale = `touched_at < clock_timestamp() - $1::float8 * interval '1 millisecond'`
    const values = [options.olderThanMs]
    const { rows } = await connection.query(`SELECT delivery FROM rowgate.staging WHERE ${stale} ORDER BY touched_at`, values)
    const dropped: string[] = []
    for (const { delivery } of rows) {
      await connection.query("BEGIN")
      await connection.query("SELECT pg_advisory_xact_lock($1::bigint)", [stagingLock(String(delivery))])
      // A load that has adopted the parts holds the row.
      const found = await connection.query(`SELECT FROM rowgate.staging WHERE delivery = $2 AND ${stale} FOR UPDATE SKIP LOCKED`, [
        ...values,
        delivery,
      ])
      if (found.rowCount > 0) {
        await dropStaging(connection, String(delivery))
        dropped.push(String(delivery))
      }
      await connection.query("COMMIT")
    }
    // First the tables: one that is created meanwhile then has its entry.
    const tables = await connection.query(
      "SELECT tablename::text AS name FROM pg_tables WHERE schemaname = 'rowgate' AND tablename ~ '^stage_[0-9a-f]{32}$'",
    )
    const known = await connection.query("SELECT delivery FROM rowgate.staging")
    const kept = new Set(known.rows.map(({ delivery }) => stagingTableName(String(delivery))))
    for (const { name } of tables.rows) {
      if (kept.has(String(name))) continue
      await connection.query("BEGIN")
      await dropTable(connection, stagingTableSql(String(name)))
      await connection.query("COMMIT")
    }
    return dropped
  })
}
