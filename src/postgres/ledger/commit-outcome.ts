import { setTimeout as wait } from "node:timers/promises"
import { RowgateError } from "../../errors/rowgate-error.ts"
import { connectPatiently } from "../connection/connect-patiently.ts"
import type { Connection, Database } from "../connection/database.ts"
import { faultOf, isConnectionFault } from "../connection/sink-error.ts"

/** A commit whose acknowledgement did not come. */
export interface PendingCommit {
  readonly runId: string
  readonly token: string
  readonly status: "committed" | "refused"
  /** Of the data transaction. */
  readonly transactionId: string
  readonly pid: number
}

/** Commits. Where the answer is lost, the connection is given back and the ledger is asked; throws what went wrong where nothing was committed. */
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
 * Whether the commit took place: asked of the server until it is settled, never guessed. The ledger's entry is the truth, for it was
 * written in that transaction; its id only tells whether to wait. (After a crash of the server, an id that never reached the disk may be
 * given to another transaction, so that its fate proves nothing.)
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
    message: `the connection was lost during COMMIT, and ${database.name} could not be asked whether it took place`,
    remedy: "Run it again once the database can be reached: the ledger knows whether the file was loaded.",
    retryable: true,
  })
}

/** Undefined while the transaction is still under way. */
async function entryIsCommitted(
  connection: Connection,
  { runId, token, status, transactionId, pid }: PendingCommit,
): Promise<boolean | undefined> {
  if (await isInProgress(connection, transactionId)) {
    // Its client is gone: if COMMIT has not arrived, it never will, and the transaction would stay open until a time-out.
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
    // "transaction ID is in the future": the server crashed before it was written anywhere.
    if (faultOf(error).code === "22023") return false
    throw error
  }
}
