import { setTimeout as wait } from "node:timers/promises"
import pg from "pg"
import postgresJs from "postgres"
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { bytes, createPipeline } from "../../src/index.ts"
import { fromPostgresJs, migrate, postgres } from "../../src/postgres.ts"
import { type PostgresDatabase, postgresDatabase } from "../postgres-database.ts"
import { deliver } from "../sinks/deliver.ts"
import { batchOf } from "./batch-of.ts"

let database: PostgresDatabase
let look: pg.Pool
beforeAll(async () => {
  database = await postgresDatabase()
  look = new pg.Pool({ connectionString: database.url })
  look.on("error", () => undefined)
  await migrate(clients())
})
afterAll(async () => {
  await look.end()
  await database.drop()
})
beforeEach(async () => {
  await look.query("DROP TABLE IF EXISTS thing, place; DELETE FROM rowgate.reject; DELETE FROM rowgate.run")
  await look.query("CREATE TABLE place (id int PRIMARY KEY); INSERT INTO place VALUES (1)")
  await look.query("CREATE TABLE thing (id int PRIMARY KEY, place int REFERENCES place, note text CHECK (note <> 'bad'))")
})

const clients = () => fromPostgresJs((options) => postgresJs(database.url, options))
const things = (count: number) => Array.from({ length: count }, (_, id) => ({ id, place: 1, note: `note ${id}` }))
const counted = async () => (await look.query("SELECT count(*)::int AS n FROM thing")).rows[0].n

describe("a load through the package postgres", () => {
  test("finds each row that the database refuses, in the middle of the data and at its end", async () => {
    const rows = things(1000).map((row) => (row.id === 500 ? { ...row, note: "bad" } : row.id === 900 ? { ...row, place: 7 } : row))
    const report = await deliver(postgres({ pool: clients(), table: "thing" }), [
      batchOf(rows),
      batchOf([{ id: 3, place: 1, note: "again" }], undefined, 1001),
    ])
    expect(report).toMatchObject({ loaded: 998, rejected: 3 })
    const { rows: rejects } = await look.query(
      "SELECT row_number::int AS row, issues -> 0 ->> 'rule' AS rule FROM rowgate.reject ORDER BY 1",
    )
    expect(rejects).toEqual([
      { row: 501, rule: "thing_note_check" },
      { row: 901, rule: "thing_place_fkey" },
      { row: 1001, rule: "thing_pkey" },
    ])
  })

  test("writes more than the connection accepts at once", async () => {
    const note = "x".repeat(4_000)
    const batches = Array.from({ length: 10 }, (_, at) => batchOf(things(500).map(({ id }) => ({ id: at * 500 + id, place: 1, note }))))
    expect(await deliver(postgres({ pool: clients(), table: "thing" }), batches)).toMatchObject({ loaded: 5_000 })
  })

  test("merges by a key", async () => {
    await look.query("INSERT INTO thing VALUES (1, 1, 'old'), (5, 1, 'kept')")
    const sink = postgres<{ id: number }>({ pool: clients(), table: "thing", mode: "upsert", key: ["id"] })
    expect(await deliver(sink as Parameters<typeof deliver>[0], [batchOf(things(3))])).toMatchObject({ loaded: 3 })
    expect((await look.query("SELECT note FROM thing ORDER BY id")).rows.map(({ note }) => note)).toEqual([
      "note 0",
      "note 1",
      "note 2",
      "kept",
    ])
  })

  test("never continues on another connection when its own is cut, and is tried again as a whole", async () => {
    await look.query("CREATE SEQUENCE IF NOT EXISTS cuts")
    await look.query(`CREATE OR REPLACE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN IF nextval('cuts') = 1 THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF; RETURN NULL; END $$`)
    await look.query("CREATE TRIGGER cut AFTER INSERT ON thing FOR EACH STATEMENT EXECUTE FUNCTION cut()")
    const attempts: number[] = []
    const report = await createPipeline({ name: "cut", retry: { delayMs: 5 } })
      .from(bytes("id,place,note\n1,1,a\n2,1,b\n"))
      .into(postgres({ pool: clients(), table: "thing" }))
      .run({ onProgress: ({ attempt }) => attempts.push(attempt) })
    expect(report).toMatchObject({ loaded: 2 })
    expect(attempts).toEqual([1, 2])
    expect(await counted()).toBe(2)
  })

  test("ends soon when it is aborted while the server waits, and leaves no connection behind", async () => {
    const blocker = await look.connect()
    await blocker.query("BEGIN; LOCK TABLE thing")
    const abort = new AbortController()
    setTimeout(() => abort.abort(), 200)
    const began = performance.now()
    const running = deliver(postgres({ pool: clients(), table: "thing" }), [batchOf(things(3))], { context: { signal: abort.signal } })
    await expect(running).rejects.toThrow()
    expect(performance.now() - began).toBeLessThan(8_000)
    await blocker.query("ROLLBACK")
    blocker.release()
    const others = "SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'postgres.js'"
    for (const deadline = Date.now() + 5_000; Date.now() < deadline; await wait(20)) if ((await look.query(others)).rows[0].n === 0) break
    expect((await look.query(others)).rows).toEqual([{ n: 0 }])
    expect(await counted()).toBe(0)
  })

  test("is refused if the client was created without the options", async () => {
    const pool = fromPostgresJs(() => postgresJs(database.url))
    await expect(deliver(postgres({ pool, table: "thing" }), [batchOf(things(1))])).rejects.toMatchObject({ code: "CONFIG_INVALID" })
  })

  test("says that a server cannot be reached", async () => {
    const pool = fromPostgresJs((options) => postgresJs("postgres://a:b@127.0.0.1:1/x", options))
    await expect(deliver(postgres({ pool, table: "thing" }), [batchOf(things(1))])).rejects.toMatchObject({ code: "SINK_UNREACHABLE" })
  })
})
