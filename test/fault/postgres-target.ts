import { randomBytes } from "node:crypto"
import { setTimeout as wait } from "node:timers/promises"
import type pg from "pg"
import type { CrashFile, CrashTarget } from "rowgate/testing"
import { firstLoad } from "./first-load.ts"
import type { LoaderSettings, Way } from "./loader-settings.ts"
import { correctionCounts, historyLook, isHistory, looksBetween, rowsBefore, rowsExpected } from "./mode-oracle.ts"
import { sideFiles } from "./side-files.ts"

/** How to make a target. */
export interface TargetOptions {
  /** Connects as the server's superuser to observe the target. */
  readonly pool: pg.Pool
  /** How loaders reach the database. Default: like the pool. */
  readonly url: string
  readonly way?: Way
  /** Statements to run after the table is created, with `%s` for its name. */
  readonly prepare?: string
  readonly staleMs?: number
}

/** After this time, anything that ended loaders still hold counts as leaked. A busy server may take a while to notice that they are gone. */
const patienceMs = 20_000

/** Makes a separate table, so that trials do not wait for one another, and checks everything that the ledger says about it. */
export async function postgresTarget(file: CrashFile, options: TargetOptions): Promise<CrashTarget<LoaderSettings>> {
  const { pool, way = "append", prepare, staleMs = 5000 } = options
  const table = `t_${randomBytes(5).toString("hex")}`
  const url = new URL(options.url)
  // Anything that a loader leaves in the server is found by this name.
  url.searchParams.set("application_name", table)
  const files = await sideFiles(file, way)
  const further = isHistory(way)
    ? ", valid_from timestamptz NOT NULL, valid_to timestamptz"
    : way === "reload"
      ? ", _run_id text, _file text, _row bigint"
      : ""
  const key = isHistory(way) ? "" : " PRIMARY KEY"
  await pool.query(`CREATE TABLE ${table} (id integer${key}, name text NOT NULL, amount numeric(12, 2), day date${further})`)
  const isLater = way === "replay" || way === "reload"
  if (way !== "append" && !isLater) await pool.query(rowsBefore(table, way, file))
  const delivery = isLater ? await firstLoad(file, pool, table, way === "reload") : undefined
  // The rows get the form of an earlier version, so that a reader can tell the rows of a reload.
  if (way === "reload") await pool.query(`UPDATE ${table} SET name = 'old ' || name`)
  if (prepare !== undefined) await pool.query(prepare.replaceAll("%s", table))
  const settings = { url: url.href, table, way, heartbeatMs: 500, staleMs, files, ...(delivery === undefined ? {} : { delivery }) }
  const look =
    way === "append" ? "count(*)" : way === "scd2 files" ? historyLook : "count(*) || ' rows, sum ' || sum(hashtext(name)::bigint)"
  const answer = async (sql: string) => (await pool.query(sql)).rows[0]?.answer
  let isOver = false
  return {
    settings,
    ...(isLater ? { pipeline: table } : {}),
    look: () => answer(`SELECT ${look} AS answer FROM ${table}`),
    ...(way === "scd2 files" ? { between: looksBetween(file), deliveries: 1 + files.length } : {}),
    repeats: way === "reload",
    claimed: () => answer(`SELECT EXISTS (SELECT FROM rowgate.run WHERE target = 'public.${table}' AND status = 'running') AS answer`),
    async rows() {
      // The rows are read at the end, when the file must have been loaded.
      isOver = true
      const current = isHistory(way) ? ", valid_to IS NULL AS current" : ""
      return (await pool.query(`SELECT id, name, amount::text, day::text${current} FROM ${table}`)).rows
    },
    expected: rowsExpected(way, file),
    leaks: async () => [
      ...(await untilLetGo(pool, table)),
      ...(await wrongEntries(pool, table, file, settings, isOver)),
      ...(isHistory(way) ? await brokenHistory(pool, table) : []),
    ],
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

/** What ended loaders still hold. */
async function untilLetGo(pool: pg.Pool, table: string): Promise<readonly string[]> {
  for (const deadline = Date.now() + patienceMs; ; await wait(20)) {
    const held = await heldBy(pool, table)
    if (held.length === 0 || Date.now() > deadline) return held
  }
}

/** Contradictions in the ledger. */
async function wrongEntries(
  pool: pg.Pool,
  table: string,
  file: CrashFile,
  { way, delivery, files }: LoaderSettings,
  isOver: boolean,
): Promise<readonly string[]> {
  const { rows } = await pool.query(
    `SELECT u.id, u.read = u.loaded + u.rejected + u.filtered + u.superseded + u.skipped + u.withheld AS conserved, u.read::int,
            u.rejected::int, (SELECT count(*)::int FROM rowgate.reject r WHERE r.run_id = u.id) AS kept
     FROM rowgate.run u WHERE u.target = $1 AND u.status = 'committed'`,
    [`public.${table}`],
  )
  const own = rows.filter(({ id }) => id !== delivery)
  const wanted = way === "scd2 files" ? 1 + files.length : 1
  const first = delivery !== undefined && rows.length > own.length
  const firstStays = way === "replay" || own.length === 0
  const told = way === "replay" ? correctionCounts(file) : file
  return [
    ...(own.length > wanted || (isOver && own.length < wanted) ? [`${own.length} deliveries are committed instead of ${wanted}`] : []),
    ...(delivery === undefined || first === firstStays ? [] : [`the earlier delivery is ${first ? "" : "not "}committed`]),
    ...own.flatMap(({ conserved, read, rejected, kept }) => [
      ...(conserved === true && read === told.read ? [] : ["the ledger does not account for every row"]),
      ...(rejected === told.rejected && kept === told.rejected
        ? []
        : [`${kept} rejects are kept and ${rejected} are reported, instead of ${told.rejected}`]),
    ]),
  ]
}

/** Versions of a key that do not begin where the previous one ends, or are not in the order of their files. */
async function brokenHistory(pool: pg.Pool, table: string): Promise<readonly string[]> {
  const { rows } = await pool.query(
    `SELECT count(*)::int AS broken FROM (
       SELECT valid_from, valid_to, name, lead(valid_from) OVER w AS next_from, lead(name) OVER w AS next_name
       FROM ${table} WINDOW w AS (PARTITION BY id ORDER BY valid_from, valid_to)) AS versions
     WHERE valid_to IS DISTINCT FROM next_from OR valid_from >= next_from
       OR name LIKE '% v2' AND next_name NOT LIKE '% v3' OR name LIKE '% v3' AND next_name IS NOT NULL`,
  )
  return rows[0]?.broken === 0 ? [] : [`${rows[0]?.broken} versions do not end where the next ones begin, in the order of the files`]
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
