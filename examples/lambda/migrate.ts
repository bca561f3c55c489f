// Creates the ledger, the table and the user of the other functions. Call it once before the first load, and after each update of rowgate.
// It is the only function that logs in as the owner of the database.
import { env } from "node:process"
import pg from "pg"
import { RowgateError } from "rowgate"
import { databaseFromEnvironment } from "rowgate/lambda"
import { grantLoads, migrate } from "rowgate/postgres"
import { allowTokens, checkName, createLoadUser, findLoadUser } from "./load-user.ts"
import ordersTable from "./orders.sql"
import { target } from "./target.ts"

/** What the function did. */
export interface Migrated {
  /** The migrations that it applied: none if the ledger was up to date. */
  readonly migrations: readonly string[]
  readonly user: string
  /** Whether it created the user. */
  readonly created: boolean
  /** Whether the user logs in with tokens of IAM. If not, give it a password. */
  readonly iam: boolean
  readonly granted: readonly string[]
}

export async function handler(): Promise<Migrated> {
  try {
    return await prepare(env["LOAD_USER"] || "rowgate_load")
  } catch (error) {
    // Lambda shows only the name and the message of an error.
    if (!(error instanceof RowgateError)) throw error
    const { code: name, message, remedy = "" } = error
    throw Object.assign(new Error(`${message} ${remedy}`.trim(), { cause: error }), { name })
  }
}

/** An arbitrary number: the advisory lock of this function. */
const lock = "5120938847120934"

async function prepare(user: string): Promise<Migrated> {
  checkName(user)
  const pool = new pg.Pool({ connectionString: await databaseFromEnvironment().url(), max: 1 })
  try {
    const { steps: migrations } = await migrate(pool)
    // Calls at the same time wait for each other. The only connection keeps the lock until the pool ends.
    await pool.query("SELECT pg_advisory_lock($1)", [lock])
    const exists = await findLoadUser(pool, user)
    await pool.query(ordersTable)
    if (!exists) await createLoadUser(pool, user)
    const iam = await allowTokens(pool, user)
    const { statements: granted } = await grantLoads(pool, { user, table: target.table, mode: target.mode })
    return { migrations, user, created: !exists, iam, granted }
  } finally {
    await pool.end()
  }
}
