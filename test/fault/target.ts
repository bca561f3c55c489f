import { randomBytes } from "node:crypto"
import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import pg from "pg"
import { migrate } from "../../src/postgres.ts"
import { fingerprintSql, type Oracle } from "./oracle.ts"

/** The database, the file and the table of one trial. */
export interface Target {
  readonly url: string
  readonly path: string
  readonly table: string
  readonly pipeline: string
  readonly oracle: Oracle
}

/** Connects, works, and disconnects. */
export async function withClient<R>(url: string, work: (client: pg.Client) => Promise<R>): Promise<R> {
  const client = new pg.Client({ connectionString: url, application_name: "fault observer" })
  client.on("error", () => undefined)
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end().catch(() => undefined)
  }
}

/** Makes the ledger of a database. */
export async function prepareDatabase(url: string): Promise<void> {
  const pool = new pg.Pool({ connectionString: url })
  try {
    await migrate(pool)
  } finally {
    await pool.end()
  }
}

/** A table of its own, so that trials do not wait for one another, and the oracle's file under a name of its own. */
export async function makeTarget(url: string, home: string, oracle: Oracle): Promise<Target> {
  const name = `t_${randomBytes(5).toString("hex")}`
  const path = join(home, `${name}.csv`)
  await writeFile(path, oracle.csv)
  await withClient(url, (client) =>
    client.query(`CREATE TABLE ${name} (id integer PRIMARY KEY, name text NOT NULL, amount numeric(12, 2), day date)`),
  )
  return { url, path, table: name, pipeline: name, oracle }
}

/** What must hold once a loader has come to its end, whatever happened to others before it. Gives what does not. */
export async function brokenLaws(target: Target, seen: ReadonlySet<number>): Promise<readonly string[]> {
  const { oracle, table, pipeline } = target
  return withClient(target.url, async (client) => {
    const one = async (sql: string, values: unknown[] = []) => Object.values((await client.query(sql, values)).rows[0] ?? {})
    const [fingerprint] = await one(fingerprintSql(table))
    const [committed] = await one("SELECT count(*)::int FROM rowgate.run WHERE pipeline = $1 AND status = 'committed'", [pipeline])
    const [running] = await one("SELECT count(*)::int FROM rowgate.run WHERE pipeline = $1 AND status = 'running'", [pipeline])
    const [rejects] = await one(
      "SELECT count(*)::int FROM rowgate.reject r JOIN rowgate.run u ON u.id = r.run_id WHERE u.pipeline = $1 AND u.status = 'committed'",
      [pipeline],
    )
    const [conserved] = await one(
      "SELECT bool_and(read = loaded + rejected + filtered + superseded + skipped + withheld) FROM rowgate.run WHERE pipeline = $1 AND status = 'committed'",
      [pipeline],
    )
    const [strangers] = await one(
      "SELECT count(*)::int FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
    )
    const [open] = await one(
      `SELECT count(*)::int FROM pg_stat_activity
       WHERE datname = current_database() AND application_name <> 'fault observer' AND state LIKE 'idle in transaction%' AND query LIKE '%' || $1 || '%'`,
      [table],
    )
    const laws: readonly (readonly [holds: boolean, broken: string])[] = [
      [fingerprint === oracle.fingerprint, "the table is not what the oracle says"],
      [committed === 1, `${committed} deliveries are committed`],
      [running === 0, `${running} deliveries are still said to be running`],
      [rejects === oracle.rejected, `${rejects} rejects are kept, not ${oracle.rejected}`],
      [conserved === true, "rows are not conserved"],
      [strangers === 0, `${strangers} advisory locks are still held`],
      [open === 0, `${open} transactions are still open`],
      [[...seen].every((count) => count === 0 || count === oracle.loaded), `a reader saw ${[...seen].join(", ")} rows`],
    ]
    return laws.flatMap(([holds, broken]) => (holds ? [] : [broken]))
  })
}

/** Counts the rows of a table twenty times a second, until told to stop. */
export async function watchRows(target: Target): Promise<{ readonly seen: Set<number>; stop(): Promise<void> }> {
  const seen = new Set<number>()
  let over = false
  const done = (async () => {
    while (!over) {
      await withClient(target.url, async (client) => {
        while (!over) {
          const { rows } = await client.query(`SELECT count(*)::int AS rows FROM ${target.table}`)
          seen.add(rows[0]?.rows)
          await new Promise((resolve) => setTimeout(resolve, 50))
        }
      }).catch(() => new Promise((resolve) => setTimeout(resolve, 50)))
    }
  })()
  return {
    seen,
    async stop() {
      over = true
      await done
    },
  }
}
