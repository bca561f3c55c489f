import { execFile } from "node:child_process"
import { setTimeout as wait } from "node:timers/promises"
import { promisify } from "node:util"
import pg from "pg"
import { bytes, createPipeline, csv, type Logger } from "rowgate"
import { type PostgresPool, postgres } from "rowgate/postgres"
import { beforeAll, describe, expect, test } from "vitest"
import { silentLogger } from "../../src/contract/logger.ts"
import { ledgerDatabase } from "../ledger-database.ts"
import type { CrowdJob } from "./crowd-loader.ts"
import { loaderProgram } from "./loader-program.ts"
import { type PgBouncer, pgbouncer, pgbouncerMissing } from "./pgbouncer.ts"

const { url, pool } = await ledgerDatabase()
const missing = await pgbouncerMissing()
if (missing !== undefined) process.stdout.write(`the tests behind PgBouncer are skipped: ${missing}\n`)

const rows = 5000
const linesOf = (first: number) => `id,name\n${Array.from({ length: rows }, (_, at) => `${first + at},row ${first + at}`).join("\n")}\n`
let tables = 0

async function emptyTable(): Promise<string> {
  const table = `small_${++tables}`
  await pool.query(`CREATE TABLE ${table} (id integer PRIMARY KEY, name text)`)
  return table
}

async function count(table: string): Promise<number> {
  return (await pool.query(`SELECT count(*)::int AS n FROM ${table}`)).rows[0]?.n
}

const outcomes = (said: readonly string[]) =>
  Object.fromEntries([...new Set(said)].sort().map((one) => [one, said.filter((other) => other === one).length]))

describe.skipIf(missing !== undefined)("behind a transaction pooler", () => {
  let program: string
  beforeAll(async () => {
    program = await loaderProgram("crowd-loader")
  })

  async function crowd(bouncer: PgBouncer, table: string, contents: readonly string[]): Promise<readonly string[]> {
    const jobs = contents.map((content): CrowdJob => ({ url: bouncer.url, table, pipeline: table, content }))
    const ended = await Promise.all(jobs.map((job) => promisify(execFile)(process.execPath, [program, JSON.stringify(job)])))
    return ended.map(({ stdout }) => stdout.trim())
  }

  test("with two connections, one of ten processes loads the file and nine report that it is loaded", async () => {
    await using bouncer = await pgbouncer(url, 2)
    const table = await emptyTable()
    const said = await crowd(bouncer, table, Array<string>(10).fill(linesOf(1)))
    expect(outcomes(said)).toEqual({ duplicate: 9, loaded: 1 })
    expect(await count(table)).toBe(rows)
  }, 30_000)

  test.each([1, 2])(
    "with %i connections, four processes load four files",
    async (size) => {
      await using bouncer = await pgbouncer(url, size)
      const table = await emptyTable()
      const said = await crowd(
        bouncer,
        table,
        [0, 1, 2, 3].map((at) => linesOf(1 + at * rows)),
      )
      expect(outcomes(said)).toEqual({ loaded: 4 })
      expect(await count(table)).toBe(4 * rows)
    },
    30_000,
  )
})

describe.skipIf(missing !== undefined)("more loads than a pooler can serve", () => {
  test("are not given up or taken over while the database works for them longer than heartbeats may be missing", async () => {
    await using bouncer = await pgbouncer(url, 2)
    const table = await emptyTable()
    await pool.query(`
      CREATE FUNCTION ${table}_slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(2); RETURN NULL; END $$;
      CREATE TRIGGER slow AFTER INSERT ON ${table} FOR EACH STATEMENT EXECUTE FUNCTION ${table}_slow()`)
    const said = await Promise.all(
      [linesOf(1), linesOf(1 + rows), linesOf(1)].map(async (content, at) => {
        await wait(100 * at)
        const report = await createPipeline({ name: table, retry: { attempts: 1 } })
          .from(bytes(content, { name: "rows.csv" }))
          .parse(csv())
          .into(postgres({ url: bouncer.url, table, heartbeatMs: 100, staleMs: 600 }))
          .run()
        return report.deliveries[0]?.outcome ?? "none"
      }),
    )
    expect(outcomes(said)).toEqual({ duplicate: 1, loaded: 2 })
    expect(await count(table)).toBe(2 * rows)
  }, 30_000)
})

describe("few connections to the server", () => {
  test.each([1, 2, 3])(
    "a user with a limit of %i loads a file once, however often it arrives at once",
    async (limit) => {
      const table = await emptyTable()
      await pool.query(`
      CREATE ROLE ${table}_user LOGIN PASSWORD 'loads' CONNECTION LIMIT ${limit};
      GRANT USAGE ON SCHEMA rowgate TO ${table}_user; GRANT USAGE ON SEQUENCE rowgate.token TO ${table}_user;
      GRANT ALL ON ALL TABLES IN SCHEMA rowgate TO ${table}_user; GRANT ALL ON ${table} TO ${table}_user`)
      try {
        const own = new URL(url)
        own.username = `${table}_user`
        own.password = "loads"
        const warnings: string[] = []
        const logger: Logger = { ...silentLogger, warn: (_fields, message = "") => void warnings.push(message) }
        const reports = await Promise.all(
          Array.from({ length: 4 }, () =>
            createPipeline({ name: table, batchRows: 500, logger })
              .from(bytes(linesOf(1), { name: "rows.csv" }))
              .parse(csv())
              .into(postgres({ url: own.href, table }))
              .run(),
          ),
        )
        expect(outcomes(reports.map(({ deliveries }) => deliveries[0]?.outcome ?? "none"))).toEqual({ duplicate: 3, loaded: 1 })
        expect(await count(table)).toBe(rows)
        if (limit > 1) return
        const loaded = reports.flatMap(({ deliveries }) => deliveries).find(({ outcome }) => outcome === "loaded")
        expect(loaded?.notices).toMatchObject([{ code: "sink.no_heartbeat" }])
        expect(warnings.join()).toContain("continues without a heartbeat")
      } finally {
        await pool.query(`DROP OWNED BY ${table}_user; DROP ROLE ${table}_user`)
      }
    },
    30_000,
  )
})

describe("few connections in this process", () => {
  const load = (table: string, from: PostgresPool, contents: readonly string[]) =>
    createPipeline({ name: table, concurrency: 3, batchRows: 500 })
      .from({
        name: "files",
        async *files(context) {
          for (const [at, content] of contents.entries()) yield* bytes(content, { name: `${at}.csv` }).files(context)
        },
      })
      .parse(csv())
      .into(postgres({ pool: from, table }))
      .run()

  test.each([1, 2, 3])(
    "a pool of %i serves three files at once, and two targets at once",
    async (max) => {
      const small = new pg.Pool({ connectionString: url, max })
      try {
        const [one, other] = [await emptyTable(), await emptyTable()]
        const contents = [0, 1, 2].map((at) => linesOf(1 + at * rows))
        const reports = await Promise.all([load(one, small, contents), load(other, small, [...contents, linesOf(1)])])
        expect(reports.map(({ deliveries }) => outcomes(deliveries.map(({ outcome }) => outcome)))).toEqual([
          { loaded: 3 },
          { duplicate: 1, loaded: 3 },
        ])
        expect([await count(one), await count(other)]).toEqual([3 * rows, 3 * rows])
        expect(small.totalCount - small.idleCount).toBe(0)
      } finally {
        await small.end()
      }
    },
    30_000,
  )
})
