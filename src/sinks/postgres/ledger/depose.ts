import { faultOf, isContention } from "../sink-error.ts"
import type { ControlLine } from "./control-line.ts"

/**
 * Looks at whoever holds a lock, and takes it away from a run whose heartbeat has stopped: first its token, so that it cannot commit,
 * then its backend, so that the lock is free. Resolves with the run that was deposed.
 */
export async function deposeIfStale(control: ControlLine, lock: string): Promise<string | undefined> {
  const { rows } = await control.query(
    `SELECT r.id, r.token::text AS token, l.pid, a.backend_start::text AS started
     FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
     JOIN rowgate.run r ON r.backend_pid = l.pid AND r.backend_start = a.backend_start AND r.status = 'running'
     WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 AND a.datname = current_database()
       AND ((l.classid::bigint << 32) | l.objid::bigint) = $1::bigint
       AND r.heartbeat_at < clock_timestamp() - $2::float8 * interval '1 millisecond'`,
    [lock, control.staleMs],
  )
  const holder = rows[0]
  if (holder === undefined) return undefined
  const run = String(holder["id"])
  const deposed = await raiseToken(control, run, String(holder["token"]))
  if (deposed === "no") return undefined
  // The same number may be another's backend by now; its start tells.
  await control.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = $1::int AND backend_start = $2::timestamptz", [
    holder["pid"],
    holder["started"],
  ])
  return deposed === "yes" ? run : undefined
}

/** `"locked"`: the run stopped in its very last statement and holds its entry; its backend has to go first. */
async function raiseToken(control: ControlLine, run: string, token: string): Promise<"yes" | "no" | "locked"> {
  return control.transaction(async (connection) => {
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
  })
}
