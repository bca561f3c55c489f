import pg from "pg"
import { afterAll } from "vitest"
import { migrate } from "../src/postgres.ts"
import { postgresDatabase } from "./postgres-database.ts"

/** A database with a ledger, for one test file. */
export interface LedgerDatabase {
  /** Connection string of the server's superuser for this database. */
  readonly url: string
  /** A pool of the superuser. */
  readonly pool: pg.Pool
  /** Empties the ledger. Rejects go first, because they refer to their runs and to the runs that correct them. */
  clear(): Promise<void>
}

/** Creates one, and drops it after all tests of the file: `const { pool, clear } = await ledgerDatabase()` before them. */
export async function ledgerDatabase(options: pg.PoolConfig = {}): Promise<LedgerDatabase> {
  const database = await postgresDatabase()
  const pool = new pg.Pool({ connectionString: database.url, ...options })
  // Tests terminate backends, which must not fail tests that do not look for it.
  pool.on("error", () => undefined)
  afterAll(async () => {
    await pool.end()
    await database.drop()
  })
  await migrate(pool)
  return { url: database.url, pool, clear: async () => void (await pool.query("DELETE FROM rowgate.reject; DELETE FROM rowgate.run")) }
}
