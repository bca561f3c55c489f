import type { AnyLoadOptions } from "../load-modes.ts"
import type { Connection } from "./database.ts"

/** Enough memory to join the keys of a million rows (4.2 s, but 5.0 s with temporary files). The default of 4 MB is meant for many small queries. */
const leastWorkMemory = "set_config('work_mem', greatest(pg_size_bytes(current_setting('work_mem')), 64 << 20) / 1024 || 'kB', true)"

/** Begins the transaction of a load. Its settings end with it, so a pooled connection does not keep them. */
export async function beginTransaction(connection: Connection, options: AnyLoadOptions): Promise<void> {
  const { statementTimeoutMs = 0, lockTimeoutMs = 0, idleTimeoutMs = 600_000 } = options
  await connection.query("BEGIN ISOLATION LEVEL READ COMMITTED")
  const settings: { readonly [name: string]: string } = {
    // Dates as text must be in ISO order, and an instant without a zone is in UTC.
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

/** Lets the server stop a long statement if its client is gone. Some operating systems do not support that. */
async function noticeLostClients(connection: Connection): Promise<void> {
  await connection.query("SAVEPOINT rowgate_setting")
  try {
    await connection.query("SET LOCAL client_connection_check_interval = '2s'")
  } catch {
    await connection.query("ROLLBACK TO SAVEPOINT rowgate_setting")
  }
  await connection.query("RELEASE SAVEPOINT rowgate_setting")
}
