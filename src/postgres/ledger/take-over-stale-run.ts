import type { Backend } from "../connection/backend.ts"
import type { Connection, Queryable } from "../connection/database.ts"
import { faultOf, isContention } from "../connection/sink-error.ts"
import { deadlineName } from "../connection/transaction.ts"

/** Whether a backend `a` of pg_stat_activity has been idle, or waiting for its client, for $2 milliseconds. */
const isSilent = `a.state_change < clock_timestamp() - $2::float8 * interval '1 millisecond'
  AND (a.state <> 'active' OR a.wait_event = 'ClientRead')`

/** Whether a backend `a` is a load that should have ended by its deadline. */
const isOverdue = `a.application_name ~ '^${deadlineName}[0-9]{1,12}$'
  AND to_timestamp(substring(a.application_name FROM '[0-9]+$')::float8) < clock_timestamp()`

/** Whether `l` of pg_locks is the advisory lock $1, held. */
const holdsLock = `l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
  AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND ((l.classid::bigint << 32) | l.objid::bigint) = $1::bigint`

/** Whether any backend holds a lock. */
export async function isHeld(asker: Queryable, lock: string): Promise<boolean> {
  const { rows } = await asker.query(`SELECT EXISTS (SELECT FROM pg_locks l WHERE ${holdsLock}) AS held`, [lock])
  return rows[0]?.["held"] === true
}

/**
 * Takes a lock from a run whose heartbeats have stopped: it changes the run's token, so that the run cannot commit, and terminates its backend, which
 * releases the lock. If connections are scarce, heartbeats can fail while the load is well, so the load's own connection must be silent too.
 * Resolves with the run that lost the lock. The connection must have no open transaction.
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
  const revoked = await revokeToken(connection, run, String(holder["token"]))
  if (revoked === "no") return undefined
  await terminateBackend(connection, { pid: Number(holder["pid"]), started: String(holder["started"]) })
  return revoked === "yes" ? run : undefined
}

/**
 * Marks runs as failed that have sent no heartbeat for `staleMs` and have no connection at work, and terminates what is left of their backends. Resolves
 * with their ids. An entry that is locked is being finished right now.
 */
export async function failSilentRuns(connection: Connection, staleMs: number, pipeline: string | undefined): Promise<readonly string[]> {
  const { rows } = await connection.query(
    `UPDATE rowgate.run SET status = 'failed', reason = 'its process no longer responded', token = nextval('rowgate.token'),
            finished_at = clock_timestamp()
     WHERE id IN (
       SELECT r.id FROM rowgate.run r
       WHERE r.status = 'running' AND r.heartbeat_at < clock_timestamp() - $2::float8 * interval '1 millisecond'
         AND ($1::text IS NULL OR r.pipeline = $1)
         AND NOT EXISTS (SELECT FROM pg_stat_activity a WHERE a.pid = r.backend_pid AND a.backend_start = r.backend_start AND NOT (${isSilent}))
       FOR UPDATE OF r SKIP LOCKED)
     RETURNING id, backend_pid AS pid, backend_start::text AS started`,
    [pipeline ?? null, staleMs],
  )
  for (const { pid, started } of rows) {
    if (typeof started === "string") await terminateBackend(connection, { pid: Number(pid), started })
  }
  return rows.map(({ id }) => String(id))
}

/** Terminates the holder of a lock if it is a load that should have ended by its deadline. */
export async function endOverdueHolder(asker: Queryable, lock: string): Promise<void> {
  await asker.query(
    `SELECT pg_terminate_backend(a.pid) FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid WHERE ${holdsLock} AND ${isOverdue}`,
    [lock],
  )
}

/** Terminates the backends that hold an advisory lock. */
export async function terminateHolders(asker: Queryable, lock: string): Promise<void> {
  await asker.query(`SELECT pg_terminate_backend(l.pid) FROM pg_locks l WHERE ${holdsLock} AND l.pid <> pg_backend_pid()`, [lock])
}

/** Terminates a backend. The start time makes sure that the pid does not belong to another backend by now. */
export async function terminateBackend(asker: Queryable, { pid, started }: Backend): Promise<void> {
  await asker.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = $1::int AND backend_start = $2::timestamptz", [
    pid,
    started,
  ])
}

/**
 * Terminates the holder of a lock if it has no running entry. Either its entry has ended, because the run was taken over or gave up, and its connection
 * is dead but the server does not know. Or its deadline is over. Or it has no entry yet, because the run stopped right after it got the lock. Then the backend must have
 * been idle for `staleMs` and must not have written anything: loads without heartbeats write their entry in their own transaction.
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
            OR entry.status IS NULL AND ${isOverdue}
            OR entry.status IS NULL AND a.state = 'idle in transaction' AND a.backend_xid IS NULL
               AND a.state_change < clock_timestamp() - $2::float8 * interval '1 millisecond')`,
    [lock, staleMs],
  )
  return rows[0]?.["ended"] === true ? `of the backend ${String(rows[0]["pid"])}` : undefined
}

/** Resolves with `"locked"` if the run stopped in its last statement and holds a lock on its entry; then its backend has to be terminated first. */
async function revokeToken(connection: Connection, run: string, token: string): Promise<"yes" | "no" | "locked"> {
  await connection.query("BEGIN")
  await connection.query("SET LOCAL lock_timeout = '1s'")
  try {
    const { rowCount } = await connection.query(
      `UPDATE rowgate.run SET status = 'failed', reason = 'another run took it over because it no longer responded', token = nextval('rowgate.token'),
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
