import pg from "pg"
import { beforeEach, describe, expect, test } from "vitest"
import { z } from "zod"
import { bytes, createPipeline, type LoadChanges, memory, type Reject } from "../../src/index.ts"
import { pglite } from "../../src/pglite.ts"
import { type PostgresOptions, postgres } from "../../src/postgres.ts"
import { embeddedDatabase } from "../embedded-database.ts"
import { ledgerDatabase } from "../ledger-database.ts"
import { postgresDatabase } from "../postgres-database.ts"

const { pool, clear } = await ledgerDatabase()
beforeEach(async () => {
  await pool.query("DROP TABLE IF EXISTS stock")
  await clear()
})

const Stock = z.object({ sku: z.string(), units: z.number().int(), price: z.number() })
type Stock = z.infer<typeof Stock>
const csv = "sku,units,price\na,1,1.5\nb,2,2.5\nc,x,3\na,4,9\n"

function stock(options: Partial<PostgresOptions<Stock>> = {}, content = csv) {
  const into = { pool, table: "stock", ...options } as PostgresOptions<Stock>
  return createPipeline({ name: "stock" }).from(bytes(content)).validate(Stock).into(postgres(into))
}

/** Everything that a plan could leave behind: objects of the database, rows of its tables, connections, locks. */
async function traces(): Promise<unknown> {
  const objects = await pool.query(`
    SELECT c.oid::text, c.relname, c.relkind, (SELECT array_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod) ORDER BY attnum)
      FROM pg_attribute a WHERE a.attrelid = c.oid AND NOT attisdropped) AS columns
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') ORDER BY c.oid`)
  const tables = objects.rows.filter(({ relkind }) => relkind === "r" || relkind === "S")
  const rows: unknown[] = []
  for (const { oid, relname, relkind } of tables) {
    const { rows: named } = await pool.query("SELECT $1::oid::regclass::text AS name", [oid])
    rows.push([relname, (await pool.query(`SELECT *${relkind === "r" ? ", xmin, ctid" : ""} FROM ${named[0].name}`)).rows])
  }
  const locks = await pool.query(
    `SELECT count(*)::int AS n FROM pg_locks JOIN pg_database d ON d.oid = database
     WHERE locktype = 'advisory' AND datname = current_database()`,
  )
  const open = await pool.query(
    "SELECT count(*)::int AS n FROM pg_stat_activity WHERE state LIKE 'idle in%' AND datname = current_database()",
  )
  return { objects: objects.rows, rows, locks: locks.rows, open: open.rows }
}

async function planned(options: Partial<PostgresOptions<Stock>>, content?: string): Promise<LoadChanges | undefined> {
  const before = await traces()
  const report = await stock(options, content).plan()
  expect(await traces()).toEqual(before)
  return report.deliveries[0]?.changes
}

describe("a plan", () => {
  test("reports the table that it would create and the rows that it would load, and leaves no trace", async () => {
    const before = await traces()
    const rejects = memory<Reject>()
    const report = await stock({ createTable: true }).rejectsInto(rejects).plan()
    expect(await traces()).toEqual(before)
    expect(report).toMatchObject({ read: 4, rejected: 1, withheld: 3, loaded: 0 })
    expect(report.deliveries[0]).toMatchObject({
      outcome: "dry",
      score: { overall: expect.any(Number) },
      changes: { inserted: 3, updated: 0, deleted: 0 },
    })
    expect(report.deliveries[0]?.changes?.ddl).toEqual([expect.stringMatching(/^CREATE TABLE IF NOT EXISTS .*stock/)])
    expect(rejects.rows).toEqual([])
  })

  test("of bytes that were loaded before says so", async () => {
    const { deliveries } = await stock({ createTable: true }).run()
    const again = await stock().plan()
    expect(again.deliveries[0]).toMatchObject({ outcome: "duplicate", duplicateOf: deliveries[0]?.deliveryId })
  })

  test("that a gate would refuse says so and records nothing", async () => {
    await pool.query("CREATE TABLE stock (sku text, units int, price float8)")
    const before = await traces()
    const into = postgres<Stock>({ pool, table: "stock" })
    const strict = createPipeline({ name: "stock", budget: { rows: 0 } })
      .from(bytes(csv))
      .validate(Stock)
      .into(into)
    const report = await strict.plan()
    expect(await traces()).toEqual(before)
    expect(report.deliveries[0]).toMatchObject({
      outcome: "refused",
      reason: "1 row was rejected, but at most 0 are allowed",
      changes: { inserted: 3 },
    })
  })

  test("counts rows that the database would refuse as rejects", async () => {
    await pool.query("CREATE TABLE stock (sku text PRIMARY KEY, units int CHECK (units < 2), price float8)")
    const report = await stock().plan()
    expect(report).toMatchObject({ read: 4, rejected: 3, withheld: 1 })
    expect(report.deliveries[0]?.issues).toMatchObject({ "postgres.23514": 2 })
  })

  test("leaves nothing behind but advanced sequences of the target", async () => {
    await pool.query("CREATE TABLE stock (id bigserial, sku text, units int, price float8)")
    await stock().plan()
    expect((await pool.query("SELECT count(*)::int AS n FROM stock")).rows).toEqual([{ n: 0 }])
    expect((await pool.query("SELECT nextval('stock_id_seq')::int AS n")).rows).toEqual([{ n: 4 }])
  })

  test("is what run then does", async () => {
    const plan = await stock({ createTable: true }).plan()
    const run = await stock({ createTable: true }).run()
    expect(run).toMatchObject({ loaded: plan.deliveries[0]?.changes?.inserted, rejected: plan.rejected })
    expect(run.deliveries[0]?.changes).toBeUndefined()
    expect((await pool.query("SELECT count(*)::int AS n FROM stock")).rows).toEqual([{ n: 3 }])
  })

  test.each<[string, Partial<PostgresOptions<Stock>>, { inserted: number; updated: number; deleted: number }]>([
    ["append", { mode: "append" }, { inserted: 2, updated: 0, deleted: 0 }],
    ["replace", { mode: "replace" }, { inserted: 2, updated: 0, deleted: 2 }],
    ["upsert", { mode: "upsert", key: ["sku"] }, { inserted: 1, updated: 1, deleted: 0 }],
    ["insert-only", { mode: "insert-only", key: ["sku"] }, { inserted: 1, updated: 0, deleted: 0 }],
    ["delete-missing", { mode: "delete-missing", key: ["sku"], scope: "table" }, { inserted: 1, updated: 1, deleted: 1 }],
  ])("of %s counts rows added, changed and removed", async (mode, options, changes) => {
    const unique = mode === "append" ? "" : "PRIMARY KEY"
    await pool.query(`CREATE TABLE stock (sku text ${unique}, units int, price float8)`)
    await pool.query("INSERT INTO stock VALUES ('a', 9, 9), ('z', 9, 9)")
    expect(await planned(options, "sku,units,price\na,1,1.5\nb,2,2.5\n")).toMatchObject(changes)
  })

  test("of a history counts versions that begin and versions that end", async () => {
    await pool.query("CREATE TABLE stock (sku text, units int, price float8, valid_from timestamptz, valid_to timestamptz)")
    await pool.query("INSERT INTO stock VALUES ('a', 9, 9, '2020-01-01', NULL), ('b', 2, 2.5, '2020-01-01', NULL)")
    expect(await planned({ mode: "scd2", key: ["sku"] }, "sku,units,price\na,1,1.5\nb,2,2.5\nc,3,3\n")).toMatchObject({
      inserted: 2,
      updated: 1,
    })
  })

  test("of a database without a ledger lists the migrations that the sink would apply", async () => {
    await using fresh = await postgresDatabase()
    const own = new pg.Pool({ connectionString: fresh.url })
    try {
      const objects = async () => (await own.query("SELECT relname FROM pg_class WHERE relnamespace > 16000")).rows
      const report = await stock({ pool: own, createTable: true, migrate: true }).plan()
      expect(report.deliveries[0]?.changes?.migrations?.[0]).toMatch(/ledger/)
      expect(await objects()).toEqual([])
      await expect(stock({ pool: own, createTable: true }).plan()).rejects.toMatchObject({ code: "LEDGER_MISSING" })
    } finally {
      await own.end()
    }
  })

  test("of an embedded database leaves no trace either", async () => {
    await using db = await embeddedDatabase()
    const sink = pglite<Stock>({ db, table: "stock", createTable: true })
    const pipeline = createPipeline({ name: "stock" }).from(bytes(csv)).validate(Stock).into(sink)
    expect((await pipeline.plan()).deliveries[0]?.changes).toMatchObject({ inserted: 3 })
    expect((await db.query("SELECT relname FROM pg_class WHERE relname IN ('stock', 'run', 'goose_db_version')")).rows).toEqual([])
    expect(await pipeline.run()).toMatchObject({ loaded: 3 })
  })
})
