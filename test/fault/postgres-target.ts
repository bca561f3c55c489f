import { randomBytes } from "node:crypto"
import { setTimeout as wait } from "node:timers/promises"
import type pg from "pg"
import type { CrashFile, CrashTarget } from "rowgate/testing"
import type { LoaderSettings } from "./loader-settings.ts"
import { rowsBefore, rowsExpected } from "./mode-oracle.ts"

/** How a target is made. */
export interface TargetOptions {
  /** The server's superuser, who looks on. */
  readonly pool: pg.Pool
  /** How loaders reach the database; default the pool's own way. */
  readonly url: string
  readonly mode?: LoaderSettings["mode"]
  /** Statements after the table was made, with `%s` for its name. */
  readonly prepare?: string
  readonly staleMs?: number
}

/** What loaders that have ended still hold after this is held for good; a server without a processor may take a while to see that they went. */
const patienceMs = 20_000

/** A table of its own, so that trials do not wait for one another, and all that the ledger must say of it. */
export async function postgresTarget(file: CrashFile, options: TargetOptions): Promise<CrashTarget<LoaderSettings>> {
  const { pool, mode = "append", prepare, staleMs = 5000 } = options
  const table = `t_${randomBytes(5).toString("hex")}`
  const url = new URL(options.url)
  // Whatever a loader leaves behind in the server is found by this name.
  url.searchParams.set("application_name", table)
  const settings = { url: url.href, table, mode, heartbeatMs: 500, staleMs }
  const history = mode === "scd2" ? ", valid_from timestamptz NOT NULL, valid_to timestamptz" : ""
  const key = mode === "scd2" ? "" : " PRIMARY KEY"
  await pool.query(`CREATE TABLE ${table} (id integer${key}, name text NOT NULL, amount numeric(12, 2), day date${history})`)
  if (mode !== "append") await pool.query(rowsBefore(table, mode, file))
  if (prepare !== undefined) await pool.query(prepare.replaceAll("%s", table))
  const current = mode === "scd2" ? ", valid_to IS NULL AS current" : ""
  const ask = async (sql: string) => (await pool.query(sql)).rows[0]?.answer
  return {
    settings,
    look: () =>
      ask(`SELECT count(*)${mode === "append" ? "" : " || ' rows, sum ' || sum(hashtext(name)::bigint)"} AS answer FROM ${table}`),
    rows: async () => (await pool.query(`SELECT id, name, amount::text, day::text${current} FROM ${table}`)).rows,
    expected: rowsExpected(mode, file),
    leaks: () => leaks(pool, table, file),
    network: {
      host: url.hostname,
      port: Number(url.port),
      through(port) {
        const through = new URL(url)
        through.host = `127.0.0.1:${port}`
        return { ...settings, url: through.href }
      },
    },
    remove: async () => void (await pool.query(`DROP TABLE ${table}`)),
  }
}

/** What loaders that have ended still hold, and what the ledger says that cannot be. */
async function leaks(pool: pg.Pool, table: string, file: CrashFile): Promise<readonly string[]> {
  let held: readonly string[] = []
  for (const deadline = Date.now() + patienceMs; ; await wait(20)) {
    held = await heldBy(pool, table)
    if (held.length === 0 || Date.now() > deadline) break
  }
  const { rows } = await pool.query(
    `SELECT u.read = u.loaded + u.rejected + u.filtered + u.superseded + u.skipped + u.withheld AS conserved, u.read::int, u.rejected::int,
            (SELECT count(*)::int FROM rowgate.reject r WHERE r.run_id = u.id) AS kept
     FROM rowgate.run u WHERE u.target = $1 AND u.status = 'committed'`,
    [`public.${table}`],
  )
  return [
    ...held,
    ...(rows.length <= 1 ? [] : [`${rows.length} deliveries are committed`]),
    ...rows.flatMap(({ conserved, read, rejected, kept }) => [
      ...(conserved === true && read === file.read ? [] : ["the ledger does not account for every row"]),
      ...(rejected === file.rejected && kept === file.rejected
        ? []
        : [`${kept} rejects are kept and ${rejected} told, not ${file.rejected}`]),
    ]),
  ]
}

async function heldBy(pool: pg.Pool, table: string): Promise<readonly string[]> {
  const { rows } = await pool.query(
    `SELECT 'a connection is still open: ' || a.state || ', ' || coalesce(a.query, '')
            || (SELECT ', with ' || count(*) || ' locks' FROM pg_locks l WHERE l.pid = a.pid) AS held
     FROM pg_stat_activity a WHERE a.application_name = $1
     UNION ALL SELECT 'a prepared transaction is left: ' || gid FROM pg_prepared_xacts WHERE database = current_database()`,
    [table],
  )
  return rows.map(({ held }) => String(held))
}
