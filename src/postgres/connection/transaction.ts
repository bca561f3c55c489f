import type { AnyLoadOptions } from "../load-modes.ts"
import type { Connection } from "./database.ts"

/** Room for the keys of a million rows in a join (4.2 s; 5.0 s by way of files). The usual 4 MB are meant for many small queries at once. */
const leastWorkMemory = "set_config('work_mem', greatest(pg_size_bytes(current_setting('work_mem')), 64 << 20) / 1024 || 'kB', true)"

/** Begins the transaction of a load with settings that end with it, so that nothing sticks to a pooled connection. */
export async function beginTransaction(connection: Connection, options: AnyLoadOptions): Promise<void> {
  const { statementTimeoutMs = 0, lockTimeoutMs = 0, idleTimeoutMs = 600_000 } = options
  await connection.query("BEGIN ISOLATION LEVEL READ COMMITTED")
  const settings: { readonly [name: string]: string } = {
    // Dates as text are read by the order of their parts or not at all, and an instant without a zone is UTC.
    timezone: "UTC",
    datestyle: "ISO, YMD",
    statement_timeout: String(statementTimeoutMs),
    lock_timeout: String(lockTimeoutMs),
    idle_in_transaction_session_timeout: String(idleTimeoutMs),
  }
  const calls = Object.entries(settings).map(([name, value]) => `set_config('${name}', '${value}', true)`)
  await connection.query(`SELECT ${calls.join(", ")}, ${leastWorkMemory}`)
  await connection.query("SET CONSTRAINTS ALL IMMEDIATE")
  await noticeLostClients(connection)
}

/** Lets the server stop a long statement whose client is gone; some systems cannot tell. */
async function noticeLostClients(connection: Connection): Promise<void> {
  await connection.query("SAVEPOINT rowgate_setting")
  try {
    await connection.query("SET LOCAL client_connection_check_interval = '2s'")
  } catch {
    await connection.query("ROLLBACK TO SAVEPOINT rowgate_setting")
  }
  await connection.query("RELEASE SAVEPOINT rowgate_setting")
}
