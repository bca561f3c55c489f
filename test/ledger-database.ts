import pg from "pg"
import { afterAll } from "vitest"
import { migrate } from "../src/postgres.ts"
import { postgresDatabase } from "./postgres-database.ts"

/** A database with a ledger, of one test file. */
export interface LedgerDatabase {
  /** Connection string of the server's superuser for this database. */
  readonly url: string
  /** Of its superuser. */
  readonly pool: pg.Pool
  /** Empties the ledger. Rejects go first: they point at the runs that they are of, and at those that correct them. */
  clear(): Promise<void>
}

/** Makes one, which is dropped after all tests of the file: `const { pool, clear } = await ledgerDatabase()` before them. */
export async function ledgerDatabase(options: pg.PoolConfig = {}): Promise<LedgerDatabase> {
  const database = await postgresDatabase()
  const pool = new pg.Pool({ connectionString: database.url, ...options })
  // Tests end backends; nobody may hear of it who does not ask.
  pool.on("error", () => undefined)
  afterAll(async () => {
    await pool.end()
    await database.drop()
  })
  await migrate(pool)
  return { url: database.url, pool, clear: async () => void (await pool.query("DELETE FROM rowgate.reject; DELETE FROM rowgate.run")) }
}
