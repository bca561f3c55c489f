import { setTimeout as wait } from "node:timers/promises"
import { RowgateError } from "../../errors/rowgate-error.ts"
import { connectPatiently } from "../connection/connect-patiently.ts"
import type { Connection, Database } from "../connection/database.ts"
import { faultOf, isConnectionFault } from "../connection/sink-error.ts"

/** A transaction that is about to commit. */
export interface PendingCommit {
  readonly runId: string
  readonly token: string
  readonly status: "committed" | "refused"
  /** The id of the data transaction. */
  readonly transactionId: string
  readonly pid: number
}

/** Commits. If the answer is lost, releases the connection and asks the ledger. Throws the original error if nothing was committed. */
export async function commitAndVerify(database: Database, connection: Connection, commit: PendingCommit): Promise<void> {
  try {
    await connection.query("COMMIT")
  } catch (error) {
    if (!isConnectionFault(faultOf(error))) throw error
    connection.release(true)
    if (!(await commitOutcome(database, commit))) throw error
  }
}

const patienceMs = 60_000
const pauseMs = 200

/**
 * Asks the server until it knows whether the transaction was committed. The entry in the ledger decides, because that transaction wrote it;
 * the transaction's id only tells whether to wait. After a crash of the server, an id that never reached the disk may be
 * given to another transaction, so its status proves nothing.
 */
async function commitOutcome(database: Database, commit: PendingCommit): Promise<boolean> {
  const deadline = Date.now() + patienceMs
  const never = new AbortController().signal
  while (Date.now() < deadline) {
    let connection: Connection | undefined
    try {
      connection = await connectPatiently(database, never, deadline - Date.now())
      const done = await entryIsCommitted(connection, commit)
      connection.release()
      if (done !== undefined) return done
    } catch {
      connection?.release(true)
    }
    await wait(pauseMs)
  }
  throw new RowgateError({
    code: "COMMIT_UNKNOWN",
    message: `The connection was lost during COMMIT, and ${database.name} could not be reached afterwards to find out whether the commit took place.`,
    remedy: "Run it again once the database can be reached. If the file was loaded, the ledger knows it.",
    retryable: true,
  })
}

/** Undefined while the transaction is in progress. */
async function entryIsCommitted(
  connection: Connection,
  { runId, token, status, transactionId, pid }: PendingCommit,
): Promise<boolean | undefined> {
  if (await isInProgress(connection, transactionId)) {
    // Its client is gone. If COMMIT has not arrived yet, it never will, and the transaction would stay open until a timeout.
    await connection.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE pid = $1::int AND backend_xid::text = ($2::numeric % 4294967296)::text AND state LIKE 'idle in transaction%'`,
      [pid, transactionId],
    )
    return undefined
  }
  const { rows } = await connection.query("SELECT 1 FROM rowgate.run WHERE id = $1 AND token = $2::bigint AND status = $3", [
    runId,
    token,
    status,
  ])
  return rows.length === 1
}

async function isInProgress(connection: Connection, transactionId: string): Promise<boolean> {
  try {
    const { rows } = await connection.query("SELECT pg_xact_status($1::xid8) AS status", [transactionId])
    return rows[0]?.["status"] === "in progress"
  } catch (error) {
    // "transaction ID is in the future": the server crashed before the id was written to disk.
    if (faultOf(error).code === "22023") return false
    throw error
  }
}
