import type { Backend } from "../connection/backend.ts"
import type { Connection, Queryable } from "../connection/database.ts"
import { faultOf, isContention } from "../connection/sink-error.ts"

/** Whoever has been silent for so long on its own connection, and is not being worked for. A row of pg_stat_activity is `a`, milliseconds are $2. */
const isSilent = `a.state_change < clock_timestamp() - $2::float8 * interval '1 millisecond'
  AND (a.state <> 'active' OR a.wait_event = 'ClientRead')`

/** The holder of the advisory lock $1. */
const holdsLock = `l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
  AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND ((l.classid::bigint << 32) | l.objid::bigint) = $1::bigint`

/** Whether anybody holds a lock. */
export async function isHeld(asker: Queryable, lock: string): Promise<boolean> {
  const { rows } = await asker.query(`SELECT EXISTS (SELECT FROM pg_locks l WHERE ${holdsLock}) AS held`, [lock])
  return rows[0]?.["held"] === true
}

/**
 * Looks at whoever holds a lock, and takes it away from a run whose heartbeat has stopped: first its token, so that it cannot commit,
 * then its backend, so that the lock is free. A heartbeat may fail while its load is well, as where connections are few: the load's own
 * connection must be silent too. Resolves with the run that was deposed. The connection has no transaction open.
 */
export async function takeOverIfStale(connection: Connection, lock: string, staleMs: number): Promise<string | undefined> {
  const { rows } = await connection.query(
    `SELECT r.id, r.token::text AS token, l.pid, a.backend_start::text AS started
     FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
     JOIN rowgate.run r ON r.backend_pid = l.pid AND r.backend_start = a.backend_start AND r.status = 'running'
     WHERE ${holdsLock} AND ${isSilent} AND r.heartbeat_at < clock_timestamp() - $2::float8 * interval '1 millisecond'`,
    [lock, staleMs],
  )
  const holder = rows[0]
  if (holder === undefined) return terminateUnregisteredHolder(connection, lock, staleMs)
  const run = String(holder["id"])
  const deposed = await revokeToken(connection, run, String(holder["token"]))
  if (deposed === "no") return undefined
  await terminateBackend(connection, { pid: Number(holder["pid"]), started: String(holder["started"]) })
  return deposed === "yes" ? run : undefined
}

/** Ends a backend, if it is still the one that is meant: the same number may be another's by now, and its start tells. */
export async function terminateBackend(asker: Queryable, { pid, started }: Backend): Promise<void> {
  await asker.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = $1::int AND backend_start = $2::timestamptz", [
    pid,
    started,
  ])
}

/**
 * Who holds the lock and no running entry. Either the entry is over: the run was deposed or gave up, and its line is dead, so that the server
 * has not heard of it. Or there is none yet: the run stopped right after it got the lock, and its backend says for how long nothing was heard;
 * one that has written is left alone, for loads without a heartbeat are entered in their own transaction.
 */
async function terminateUnregisteredHolder(asker: Queryable, lock: string, staleMs: number): Promise<string | undefined> {
  const { rows } = await asker.query(
    `SELECT a.pid, pg_terminate_backend(a.pid) AS ended
     FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
     LEFT JOIN LATERAL (
       SELECT r.status FROM rowgate.run r
       WHERE r.backend_pid = a.pid AND r.backend_start = a.backend_start AND r.started_at >= a.xact_start
       ORDER BY r.started_at DESC LIMIT 1) AS entry ON true
     WHERE ${holdsLock}
       AND (entry.status = 'failed'
            OR entry.status IS NULL AND a.state = 'idle in transaction' AND a.backend_xid IS NULL
               AND a.state_change < clock_timestamp() - $2::float8 * interval '1 millisecond')`,
    [lock, staleMs],
  )
  return rows[0]?.["ended"] === true ? `of the backend ${String(rows[0]["pid"])}` : undefined
}

/** `"locked"`: the run stopped in its very last statement and holds its entry; its backend has to go first. */
async function revokeToken(connection: Connection, run: string, token: string): Promise<"yes" | "no" | "locked"> {
  await connection.query("BEGIN")
  await connection.query("SET LOCAL lock_timeout = '1s'")
  try {
    const { rowCount } = await connection.query(
      `UPDATE rowgate.run SET status = 'failed', reason = 'taken over: it gave no sign of life', token = nextval('rowgate.token'),
              finished_at = clock_timestamp()
       WHERE id = $1 AND token = $2::bigint AND status = 'running'`,
      [run, token],
    )
    await connection.query("COMMIT")
    return rowCount === 1 ? "yes" : "no"
  } catch (error) {
    if (!isContention(faultOf(error))) throw error
    await connection.query("ROLLBACK")
    return "locked"
  }
}
