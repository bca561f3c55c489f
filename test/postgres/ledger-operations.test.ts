import { spawn } from "node:child_process"
import { setTimeout as wait } from "node:timers/promises"
import { fileURLToPath } from "node:url"
import pg from "pg"
import { beforeEach, describe, expect, test } from "vitest"
import { z } from "zod"
import { runCli } from "../../src/cli.ts"
import { bytes, createPipeline, memory, type Reject, type Source } from "../../src/index.ts"
import {
  migrate,
  type PostgresOptions,
  postgres,
  purge,
  type StoredRunsOptions,
  storedRejects,
  storedRun,
  storedRuns,
} from "../../src/postgres.ts"
import { ledgerDatabase } from "../ledger-database.ts"
import { postgresDatabase } from "../postgres-database.ts"

const Item = z.object({ id: z.number().int(), qty: z.number().int() })
type Item = z.infer<typeof Item>

const { url, pool, clear } = await ledgerDatabase()
beforeEach(async () => {
  await clear()
  await pool.query("DROP TABLE IF EXISTS item; CREATE TABLE item (id int PRIMARY KEY, qty int, version bigint)")
})

const pipeline = (options: Partial<PostgresOptions<Item>> = {}, name = "items") =>
  createPipeline({ name })
    .from(bytes(""))
    .validate(Item)
    .into(postgres<Item>({ pool, table: "item", ...options } as PostgresOptions<Item>))
const csv = (...rows: readonly string[]) => `id,qty\n${rows.map((row) => `${row}\n`).join("")}`
const load = async (source: Source, options: Partial<PostgresOptions<Item>> = {}, name?: string) => {
  const { deliveries } = await pipeline(options, name).run({ source })
  const [delivery] = deliveries
  if (delivery === undefined) throw new Error("nothing was delivered")
  return delivery
}
const items = async () => (await pool.query("SELECT id, qty FROM item ORDER BY id")).rows.map(({ id, qty }) => `${id}:${qty}`)
async function all<T>(iterable: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = []
  for await (const each of iterable) list.push(each)
  return list
}
/** A version of a file, with the instant of its last change. */
const version = (content: string, sequence: number | undefined, uri = "s3://landing/items.csv"): Source => ({
  name: "versions",
  async *files(context) {
    for await (const file of bytes(content, { name: uri }).files(context))
      yield { ...file, ...(sequence === undefined ? {} : { sequence }) }
  },
})

/** The program of a process that loads forever. */
const endless = `import { fileURLToPath } from "node:url"
import pg from "pg"
  import { createPipeline } from "./src/index.ts"
  import { postgres } from "./src/postgres.ts"
  const rows = async function* () { yield { id: 1, qty: 1 }; await new Promise((resolve) => setTimeout(resolve, 1e9)) }
  const pool = new pg.Pool({ connectionString: process.env.URL })
  await createPipeline({ name: "endless", batchRows: 1 }).fromRows(rows()).into(postgres({ pool, table: "item", heartbeatMs: 100 })).run()`

describe("reading the ledger", () => {
  test("tells a run whose process was killed from a running one", async () => {
    const root = fileURLToPath(new URL("../..", import.meta.url))
    const program = ["--import", "tsx", "--import", "./tools/sql-import.mjs", "--input-type=module", "-e", endless]
    const child = spawn(process.execPath, program, { cwd: root, env: { ...process.env, URL: url }, stdio: "ignore" })
    const staleMs = 1_500
    const statuses = async (options: StoredRunsOptions = {}) =>
      (await all(storedRuns(pool, { staleMs, ...options }))).map(({ status }) => status)
    const until = async (status: string) => {
      for (const ends = Date.now() + 20_000; Date.now() < ends && (await statuses())[0] !== status; ) await wait(50)
      return await statuses()
    }
    try {
      expect(await until("running")).toEqual(["running"])
      // The heartbeats continue for longer than staleMs.
      await wait(2 * staleMs)
      expect(await statuses({ status: "running" })).toEqual(["running"])
      expect(await statuses({ status: "lost" })).toEqual([])
    } finally {
      child.kill("SIGKILL")
    }
    expect(await until("lost")).toEqual(["lost"])
    expect(await statuses({ status: "running" })).toEqual([])
    expect(await statuses({ status: "lost" })).toEqual(["lost"])
    expect(await statuses({ staleMs: undefined })).toEqual(["running"])
    const [{ id } = { id: "" }] = await all(storedRuns(pool))
    expect((await storedRun(pool, id, { staleMs })).status).toBe("lost")
    await pool.query("UPDATE rowgate.run SET heartbeat_at = heartbeat_at - interval '30 seconds'")
    expect((await storedRun(pool, id)).status).toBe("lost")
    const said: string[] = []
    const stream = { write: (text: string) => said.push(text) }
    expect(await runCli(["runs", "--status", "lost", "--to", url], { stdout: stream, stderr: stream, env: {}, cwd: root })).toBe(0)
    expect(said.join("")).toMatch(/ lost +endless /)
  })

  test("lists runs from the newest to the oldest, each once on any number of pages, with filters", async () => {
    const first = await load(bytes(csv("1,1", "2,x"), { name: "a.csv" }))
    const other = await load(bytes(csv("3,3"), { name: "b.csv" }), {}, "others")
    await pool.query(
      `INSERT INTO rowgate.run (id, invocation, pipeline, target, claim, uri, mode, status, token, started_at)
       SELECT 'old ' || n, 'i', 'bulk', 'public.item', '', 'x', 'append', 'failed', 0, '2020-01-01' FROM generate_series(1, 1100) n`,
    )
    const ids = async (options: StoredRunsOptions = {}) => (await all(storedRuns(pool, options))).map(({ id }) => id)
    const found = await ids()
    expect(found.slice(0, 2)).toEqual([other.deliveryId, first.deliveryId])
    expect(new Set(found).size).toBe(1102)
    expect(await ids()).toEqual(found)
    expect(await ids({ pipeline: "items" })).toEqual([first.deliveryId])
    expect(await ids({ target: "item", status: "committed", limit: 1 })).toEqual([other.deliveryId])
    expect(await ids({ target: "public.item", since: new Date("2021-01-01") })).toHaveLength(2)
    expect(await ids({ until: new Date("2021-01-01"), uri: "x", limit: 700 })).toHaveLength(700)
    expect(await ids({ target: "tem" })).toEqual([])
    expect(await storedRun(pool, first.deliveryId)).toMatchObject({
      ...{ status: "committed", pipeline: "items", target: "public.item", uri: "a.csv", mode: "append", sha256: first.sha256 },
      ...{ read: 2, loaded: 1, rejected: 1, corrected: 0, score: first.score?.overall },
      report: { deliveryId: first.deliveryId, outcome: "loaded" },
    })
    await expect(storedRun(pool, "none")).rejects.toMatchObject({ code: "RUN_NOT_FOUND" })
  })

  test("lists rejects page by page, in the order of the file, and holds no connection in between", async () => {
    const { deliveryId } = await load(bytes(csv(...Array.from({ length: 450 }, (_, n) => `${n},x`)), { name: "many.csv" }))
    const small = new pg.Pool({ connectionString: url, max: 1 })
    const numbers: number[] = []
    for await (const { number, origin, raw, issues } of storedRejects(small, deliveryId)) {
      numbers.push(number)
      expect({ row: origin.row, id: raw["id"], issues: issues.length }).toEqual({ row: number + 1, id: String(number - 1), issues: 1 })
      if (number % 200 === 7) expect((await small.query("SELECT 1")).rowCount).toBe(1)
    }
    await small.end()
    expect(numbers).toEqual(Array.from({ length: 450 }, (_, n) => n + 1))
    expect(await all(storedRejects(pool, deliveryId, { limit: 201 }))).toHaveLength(201)
    expect(await storedRejects(pool, deliveryId).columns()).toEqual(["id", "qty"])
  })

  test("says what to do if there is no ledger or an old one; a migration can be undone and applied again", async () => {
    await using empty = await postgresDatabase()
    const bare = new pg.Pool({ connectionString: empty.url })
    try {
      await expect(all(storedRuns(bare))).rejects.toMatchObject({ code: "LEDGER_MISSING" })
      await migrate(bare)
      await bare.query("CREATE TABLE item (id int, qty int)")
      const undone: string[] = []
      while (!undone[0]?.includes("corrections")) undone.unshift(...(await migrate(bare, { direction: "down" })).steps)
      for (const use of [all(storedRuns(bare)), pipeline({ pool: bare }).run({ source: bytes(csv("1,1")) })])
        await expect(use).rejects.toMatchObject({ code: "LEDGER_MISSING", message: expect.stringContaining("lacks the newest migration") })
      expect((await migrate(bare)).steps).toEqual(undone)
      expect(await pipeline({ pool: bare }).run({ source: bytes(csv("1,1")) })).toMatchObject({ loaded: 1 })
    } finally {
      await bare.end()
    }
  })
})

describe("a purge", () => {
  test("removes rejects in batches, keeps the deliveries, and does not make files load again", async () => {
    const file = bytes(csv(...Array.from({ length: 25 }, (_, n) => `${n},x`), "100,1"), { name: "a.csv" })
    const { deliveryId } = await load(file)
    await load(bytes(csv("200,y")), {}, "others")
    const options = { rejectsOlderThan: new Date(Date.now() + 60_000), pipeline: "items", batchRows: 10 }
    expect(await purge(pool, { ...options, rejectsOlderThan: new Date(0) })).toEqual({ deliveries: 0, rejects: 0, copies: [] })
    expect(await purge(pool, { ...options, dryRun: true })).toEqual({ deliveries: 1, rejects: 25, copies: [] })
    expect(await all(storedRejects(pool, deliveryId))).toHaveLength(25)
    const both = await Promise.all([purge(pool, options), purge(pool, { ...options, batchRows: 1 })])
    expect(both[0].rejects + both[1].rejects).toBe(25)
    expect(await all(storedRejects(pool, deliveryId))).toEqual([])
    expect((await pool.query("SELECT count(*)::int AS n FROM rowgate.reject")).rows).toEqual([{ n: 1 }])
    expect(await storedRun(pool, deliveryId)).toMatchObject({
      rejected: 25,
      loaded: 1,
      purgedAt: expect.any(Date),
      score: expect.any(Number),
    })
    expect(await load(file)).toMatchObject({ outcome: "duplicate", duplicateOf: deliveryId, deliveryId })
    await expect(pipeline().replay(deliveryId, [{ _reject: 1, id: "0", qty: "0" }])).rejects.toMatchObject({
      message: expect.stringContaining("purge"),
    })
  })

  test("follows the rejectDays of each pipeline", async () => {
    const short = await load(bytes(csv("1,x")), { rejectDays: 0.000001 }, "short")
    await load(bytes(csv("1,y")), { rejectDays: 30 }, "long")
    await load(bytes(csv("1,z")), {}, "always")
    await wait(150)
    expect(await purge(pool)).toEqual({ deliveries: 1, rejects: 1, copies: [] })
    expect((await storedRun(pool, short.deliveryId)).purgedAt).toBeInstanceOf(Date)
    await expect(purge(pool, { signal: AbortSignal.abort() })).rejects.toThrow()
  })
})

describe("a redacted column", () => {
  const secret = "DE02120300000000202051"
  const Account = z.object({ id: z.number().int(), iban: z.string(), owner: z.string() })
  const accounts = (options: Partial<PostgresOptions<z.infer<typeof Account>>> = {}, redact = ["Konto"]) => {
    const rejected = memory<Reject>()
    const target = { pool, table: "account", columns: { iban: "account_no" }, redact, ...options } as const
    const run = (content: string) =>
      createPipeline({ name: "accounts" })
        .from(bytes(content, { name: `${content.length}.csv` }))
        .normalize({ headers: { iban: ["Konto"] } })
        .validate(Account)
        .check(({ owner, iban }) => (owner === "nobody" ? { code: "owner", message: `nobody owns ${iban}` } : undefined))
        .into(postgres<z.infer<typeof Account>>(target as PostgresOptions<z.infer<typeof Account>>))
        .rejectsInto(rejected)
        .run()
    return { run, rejected }
  }
  const ledger = async () =>
    JSON.stringify((await pool.query("SELECT raw, issues FROM rowgate.reject ORDER BY reject")).rows) +
    JSON.stringify((await pool.query("SELECT reason, report FROM rowgate.run")).rows)
  beforeEach(() =>
    pool.query(
      `DROP TABLE IF EXISTS account; CREATE TABLE account (id int PRIMARY KEY CHECK (id < 100), account_no text, owner text,
         UNIQUE (owner, account_no), CHECK (owner <> 'mallory'))`,
    ),
  )

  test.each([
    ["the file's name", "Konto"],
    ["the row's name", "iban"],
    ["the database's name", "account_no"],
  ])("named by %s stands in no reject and in no reason, whatever found it", async (_, name) => {
    const content = [
      "id,Konto,owner",
      `1,${secret},ann`,
      `2,${secret},ann`,
      `3,${secret}7,mallory`,
      `4,${secret}8,nobody`,
      `x,${secret}9,cho`,
      `500,${secret}5,dan`,
      `6,${secret}6`,
    ]
    const { run, rejected } = accounts({}, [name])
    expect(await run(`${content.join("\n")}\n`)).toMatchObject({ loaded: 1, rejected: 6 })
    const kept = await ledger()
    expect(kept).not.toContain(secret)
    for (const word of ["23505", "23514", "nobody owns [redacted]", "(owner, account_no)=([redacted])", "account_id_check"])
      expect(kept).toContain(word)
    expect(JSON.stringify((await pool.query("SELECT raw FROM rowgate.reject WHERE raw::text LIKE '%dan%'")).rows)).toContain(
      '"Konto":"[redacted]"',
    )
    // Other sinks get rows that the database refused in the same form as the ledger.
    expect(JSON.stringify(rejected.rejects.filter(({ issues }) => issues[0]?.code.startsWith("postgres.")))).not.toContain(secret)
  })

  test("is in no error either", async () => {
    await pool.query(
      `CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no: %', NEW.account_no USING ERRCODE = '55000', DETAIL = NEW.account_no; END $$;
       CREATE TRIGGER refuse BEFORE INSERT ON account FOR EACH ROW EXECUTE FUNCTION refuse()`,
    )
    const failure: unknown = await accounts()
      .run(`id,Konto,owner\n1,${secret},ann\n`)
      .catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: "SINK_BUSY" })
    const told =
      failure instanceof Error
        ? [failure.message, failure.cause instanceof Error ? failure.cause.message : "", JSON.stringify(failure)]
        : []
    expect(told.join()).not.toContain(secret)
    expect(await ledger()).not.toContain(secret)
  })
})

describe("versions of a file", () => {
  test("are refused and recorded if an older one would undo a newer one", async () => {
    for (const options of [
      { mode: "upsert", key: ["id"] },
      { mode: "replace" },
      { mode: "delete-missing", key: ["id"], scope: "table" },
    ] as const) {
      await clear()
      await pool.query("DELETE FROM item")
      const newer = await load(version(csv("1,2"), 200), options)
      const older = await load(version(csv("1,1"), 100), options)
      expect(older).toMatchObject({ outcome: "refused", reason: expect.stringContaining(newer.deliveryId), read: 0 })
      expect(await items()).toEqual(["1:2"])
      expect(await storedRun(pool, older.deliveryId)).toMatchObject({ status: "refused", sequence: 100 })
      expect(await load(version(csv("1,3"), 100, "s3://landing/another.csv"), options)).toMatchObject({ outcome: "loaded" })
      expect(await load(version(csv("1,1"), 100), { ...options, onOlderVersion: "load" })).toMatchObject({ outcome: "loaded" })
      expect(await items()).toEqual(["1:1"])
      expect(await load(version(csv("1,4"), undefined), options)).toMatchObject({ outcome: "loaded" })
    }
  })

  test("are all loaded in modes that add rows, unless the options say otherwise", async () => {
    await load(version(csv("2,2"), 200))
    expect(await load(version(csv("1,1"), 100))).toMatchObject({ outcome: "loaded" })
    expect(await load(version(csv("3,3"), 150), { onOlderVersion: "refuse" })).toMatchObject({ outcome: "refused" })
    expect(await items()).toEqual(["1:1", "2:2"])
  })

  test("that load at the same time never end with the older one on top", async () => {
    const options = { mode: "upsert", key: ["id"] } as const
    for (let round = 0; round < 3; round++) {
      await clear()
      await pool.query("DELETE FROM item")
      const both = await Promise.all([200, 100].map((sequence) => load(version(csv(`1,${sequence}`), sequence), options)))
      expect(both[0]?.outcome).toBe("loaded")
      expect(await items()).toEqual(["1:200"])
    }
  })

  test("compare row by row if each row keeps the sequence", async () => {
    const options = { mode: "upsert", key: ["id"], sequence: "version" } as const
    await load(version(csv("1,2", "2,2"), 200), options)
    expect(await load(version(csv("1,1", "3,1"), 100), options)).toMatchObject({ loaded: 1, skipped: 1 })
    expect(await items()).toEqual(["1:2", "2:2", "3:1"])
    const { deliveryId } = await load(version(csv("1,3", "2,x"), 300), options)
    await load(version(csv("2,4"), 400), options)
    // A corrected row has the sequence of its file.
    expect(await pipeline(options).replay(deliveryId, [{ _reject: 1, id: "2", qty: "3" }])).toMatchObject({ loaded: 0, skipped: 1 })
    expect(await items()).toEqual(["1:3", "2:4", "3:1"])
    await pool.query("DROP TABLE item")
    await load(version(csv("1,1"), 500), { ...options, createTable: true })
    expect((await pool.query("SELECT * FROM item")).rows).toEqual([{ id: "1", qty: "1", version: "500" }])
  })

  test("are duplicates if their old bytes come back, and are loaded if the options say so", async () => {
    const options = { mode: "upsert", key: ["id"], lineage: true } as const
    await pool.query("ALTER TABLE item ADD _run_id text, ADD _file text, ADD _row int")
    const first = await load(version(csv("1,1"), 100), options)
    await load(version(csv("1,2"), 200), options)
    expect(await load(version(csv("1,1"), 300), options)).toMatchObject({ outcome: "duplicate", duplicateOf: first.deliveryId })
    const { deliveries } = await pipeline(options).run({ source: version(csv("1,1"), 300), reload: true })
    expect(deliveries[0]).toMatchObject({ outcome: "loaded" })
    expect(await items()).toEqual(["1:1"])
  })
})

describe("a contract that changes", () => {
  test("while a load waits for another load of the same bytes keeps the rows of the other load until a reload", async () => {
    const of = (qty: number, contract: string, reload = false) =>
      createPipeline({ name: "items", version: contract })
        .from(bytes(csv("1,1")))
        .validate(Item.transform((row) => ({ ...row, qty })))
        .into(postgres<Item>({ pool, table: "item", mode: "upsert", key: ["id"] }))
        .run({ reload })
    const [one, other] = await Promise.all([of(10, "1"), of(20, "2")])
    const [loaded, duplicate] = one.loaded === 1 ? [one, other] : [other, one]
    expect(duplicate.deliveries[0]).toMatchObject({ outcome: "duplicate", duplicateOf: loaded.deliveries[0]?.deliveryId })
    expect(await items()).toEqual([loaded === one ? "1:10" : "1:20"])
    expect(await storedRun(pool, loaded.deliveries[0]?.deliveryId ?? "")).toMatchObject({ contractVersion: loaded === one ? "1" : "2" })
  })

  /** Loads three rows and drops one of their columns before the row with this number. */
  async function loadWhileDropping(before: number, isTime: string) {
    let alter: Promise<unknown> | undefined
    const report = createPipeline({ name: "items", batchRows: 1 })
      .from(bytes(csv("1,1", "2,2", "3,3")))
      .validate(Item)
      .pipe(async function* (batches) {
        let count = 0
        for await (const batch of batches) {
          if (++count === before) {
            while ((await pool.query(isTime)).rows.length === 0) await wait(10)
            alter = pool.query("ALTER TABLE item DROP COLUMN qty")
            // If no lock prevents it, it ends at once.
            await Promise.race([alter, wait(200)])
          }
          yield batch
        }
      })
      .into(postgres<Item>({ pool, table: "item" }))
      .run()
    return report.finally(() => alter)
  }

  test("in the table waits for a load that has begun to write to it", async () => {
    const locked = "SELECT FROM pg_locks WHERE relation = 'item'::regclass AND mode = 'RowExclusiveLock' AND granted"
    expect(await loadWhileDropping(3, locked)).toMatchObject({ loaded: 3 })
    await expect(load(bytes(csv("4,4")))).rejects.toMatchObject({ code: "SINK_SCHEMA_MISMATCH" })
    expect((await pool.query("SELECT count(*)::int AS n FROM item")).rows).toEqual([{ n: 3 }])
  })

  test("in the table stops a load that has not written to it yet", async () => {
    const begun = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND query = 'SAVEPOINT rowgate_rows'"
    await expect(loadWhileDropping(1, begun)).rejects.toMatchObject({ code: "SINK_SCHEMA_MISMATCH" })
    expect((await pool.query("SELECT count(*)::int AS n FROM item")).rows).toEqual([{ n: 0 }])
  })
})
