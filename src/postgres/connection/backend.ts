import type { Queryable } from "./database.ts"

/** A server process. Its start time tells it from a later process with the same pid. */
export interface Backend {
  readonly pid: number
  readonly started: string | null
}

/** The server process of a connection. */
export async function backendOf(asker: Queryable): Promise<Backend> {
  const { rows } = await asker.query(
    `SELECT own.pid, a.backend_start::text AS started
     FROM (SELECT pg_backend_pid() AS pid) AS own LEFT JOIN pg_stat_activity a USING (pid)`,
  )
  const started = rows[0]?.["started"]
  return { pid: Number(rows[0]?.["pid"]), started: typeof started === "string" ? started : null }
}
