import pg from "pg"
import { migrate } from "rowgate/postgres"

/** Creates the ledger's tables beforehand, as in production. */
export async function migrateLedger(url: string): Promise<void> {
  const pool = new pg.Pool({ connectionString: url })
  try {
    await migrate(pool)
  } finally {
    await pool.end()
  }
}
