import type { Context } from "../../contract/context.ts"
import type { AnyLoadOptions } from "../load-modes.ts"
import type { Connection } from "./database.ts"

/** Enough memory to join the keys of a million rows (4.2 s, but 5.0 s with temporary files). The default of 4 MB is meant for many small queries. */
const leastWorkMemory = "set_config('work_mem', greatest(pg_size_bytes(current_setting('work_mem')), 64 << 20) / 1024 || 'kB', true)"

/**
 * Begins the transaction of a load. Its settings end with it, so a pooled connection does not keep them. With a deadline, the server ends the transaction by
 * itself if its client is frozen or gone by then.
 */
export async function beginTransaction(
  connection: Connection,
  options: AnyLoadOptions,
  { deadline }: Pick<Context, "deadline">,
): Promise<void> {
  const { statementTimeoutMs = 0, lockTimeoutMs = 0, idleTimeoutMs = 600_000 } = options
  const leftMs = deadline === undefined ? 0 : Math.max(1, deadline.getTime() - Date.now())
  await connection.query("BEGIN ISOLATION LEVEL READ COMMITTED")
  const settings: { readonly [name: string]: string } = {
    // Dates as text must be in ISO order, and an instant without a zone is in UTC.
    timezone: "UTC",
    datestyle: "ISO, YMD",
    intervalstyle: "postgres",
    // An amount of money has a decimal point.
    lc_monetary: "C",
    statement_timeout: String(shorter(statementTimeoutMs, leftMs)),
    lock_timeout: String(lockTimeoutMs),
    idle_in_transaction_session_timeout: String(shorter(idleTimeoutMs, leftMs)),
    ...(leftMs === 0 ? {} : keepalives),
  }
  const calls = Object.entries(settings).map(([name, value]) => `set_config('${name}', '${value}', true)`)
  if (leftMs > 0) calls.push(...endBy(leftMs))
  await connection.query(`SELECT ${calls.join(", ")}, ${leastWorkMemory}`)
  await connection.query("SET CONSTRAINTS ALL IMMEDIATE")
  await noticeLostClients(connection)
}

/** While the server waits for rows of a COPY, no timeout of its own ends the transaction. These notice a client whose machine is frozen or gone. */
const keepalives = { tcp_keepalives_idle: "10", tcp_keepalives_interval: "5", tcp_keepalives_count: "3" }

/** The prefix of the application name of a load with a deadline. It tells other sessions the deadline, in seconds since 1970. */
export const deadlineName = "rowgate until "

/** PostgreSQL 17 and later can end the whole transaction. Others that wait for it read the deadline from its name and end it, whatever it is doing. */
function endBy(leftMs: number): readonly string[] {
  const left = Math.ceil(leftMs)
  return [
    `CASE WHEN current_setting('transaction_timeout', true) IS NOT NULL THEN set_config('transaction_timeout', '${left}', true) END`,
    `set_config('application_name', '${deadlineName}' || ceil(extract(epoch FROM clock_timestamp()) + ${left / 1000})::bigint, true)`,
  ]
}

/** The shorter one of two times, of which 0 means no limit. */
function shorter(oneMs: number, otherMs: number): number {
  return oneMs === 0 || (otherMs > 0 && otherMs < oneMs) ? otherMs : oneMs
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
