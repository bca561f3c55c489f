import { beforeEach, describe, expect, test } from "vitest"
import { z } from "zod"
import { silentLogger } from "../../src/contract/logger.ts"
import { bytes, cell, createPipeline, csv } from "../../src/index.ts"
import { createHandlers } from "../../src/lambda/handlers/create-handlers.ts"
import { pglite } from "../../src/pglite.ts"
import { type PostgresOptions, postgres, storedRejects, storedRuns } from "../../src/postgres.ts"
import { embeddedDatabase } from "../embedded-database.ts"
import { runSteps } from "../lambda/handlers/run-steps.ts"
import { ledgerDatabase } from "../ledger-database.ts"
import { memoryStorage } from "../memory-storage.ts"
import { bucket, startS3Server } from "../sources/s3/s3-server.ts"

const { pool, clear } = await ledgerDatabase()
beforeEach(async () => {
  await clear()
  await pool.query("DROP TABLE IF EXISTS orders CASCADE; CREATE TABLE orders (id double precision PRIMARY KEY, amount numeric)")
})

const Order = z.object({ id: z.number().int(), amount: z.string().nullable() })
const body = "ID,Amount,Note\n1,2.50,a\n2,3.50,\n"
type Unexpected = "evolve" | "freeze" | "discardColumn" | "rejectRow"

const orders = (unexpected: Unexpected, options: Partial<PostgresOptions<object>> = {}, text = body, name = "orders.csv") =>
  createPipeline({ name: "orders", budget: { share: 1 } })
    .from(bytes(text, { name }))
    .normalize({ unexpected, columns: { amount: cell.decimal() } })
    .validate(Order)
    .into(postgres({ pool, table: "orders", ...options } as PostgresOptions<object>) as never)

const table = async () => (await pool.query("SELECT * FROM orders ORDER BY id")).rows

describe("a column that evolves", () => {
  test("is added to the table by a sink that may evolve, and plan() shows the statement", async () => {
    const planned = await orders("evolve", { evolve: true }).plan()
    expect(planned.deliveries[0]?.changes?.ddl).toEqual(['ALTER TABLE "public"."orders" ADD COLUMN "note" text'])
    expect(await table()).toEqual([])
    const { loaded } = await orders("evolve", { evolve: true }).run()
    expect([loaded, await table()]).toEqual([
      2,
      [
        { id: 1, amount: "2.50", note: "a" },
        { id: 2, amount: "3.50", note: null },
      ],
    ])
  })

  test.each<[string, object]>([
    ["replace", {}],
    ["upsert", { key: ["id"] }],
    ["insert-only", { key: ["id"] }],
  ])("is added in the mode %s", async (mode, options) => {
    await orders("evolve", { evolve: true, mode, ...options } as object).run()
    expect((await table()).map(({ note }) => note)).toEqual(["a", null])
  })

  test("is refused by a sink that may not", async () => {
    await expect(orders("evolve").run()).rejects.toMatchObject({ code: "SINK_SCHEMA_MISMATCH", message: expect.stringContaining("note") })
    expect(await table()).toEqual([])
  })

  test("is added if only a late row of JSON has it, with the type of its values", async () => {
    const early = Array.from({ length: 9000 }, (_, id) => JSON.stringify({ id, amount: "1" })).join("\n")
    await orders("evolve", { evolve: true }, `${early}\n{"id":9000,"amount":"1","weight":2.5}\n`, "orders.ndjson").run()
    expect((await pool.query("SELECT id, weight, pg_typeof(weight)::text AS type FROM orders WHERE weight IS NOT NULL")).rows).toEqual([
      { id: 9000, weight: 2.5, type: "double precision" },
    ])
  })

  test("is added once by loads that bring it at the same time, and by reloads of them", async () => {
    await pool.query("ALTER TABLE orders ADD _run_id text, ADD _file text, ADD _row int")
    const load = (at: number, reload: boolean) => {
      const text = `ID,Amount,${reload ? "Late" : "Note"}\n${at},1,x\n`
      const options = { evolve: true, lineage: true, onSameContent: "load" } as const
      return orders("evolve", options, text, `orders-${at}.csv`).run({ reload })
    }
    await Promise.all([1, 2, 3].map((at) => load(at, false)))
    expect((await table()).map(({ note }) => note)).toEqual(["x", "x", "x"])
    await pool.query("DELETE FROM orders")
    await Promise.all([1, 2, 3].map((at) => load(at, true)))
    expect((await table()).map(({ note, late }) => [note, late])).toEqual([
      [null, "x"],
      [null, "x"],
      [null, "x"],
    ])
  })

  test("is added in PGlite too", async () => {
    const database = await embeddedDatabase()
    await database.exec("CREATE TABLE orders (id int, amount numeric)")
    const pipeline = createPipeline({ name: "orders" }).from(bytes(body)).normalize({ unexpected: "evolve" }).validate(Order)
    await pipeline.into(pglite({ db: database, table: "orders", evolve: true }) as never).run()
    expect((await database.query("SELECT * FROM orders ORDER BY id")).rows).toEqual([
      { id: 1, amount: "2.50", note: "a" },
      { id: 2, amount: "3.50", note: null },
    ])
    await database.close()
  })

  test("is added by a delivery in parts, streamed and staged", async () => {
    await using server = await startS3Server()
    for (const directParts of [100, 1]) {
      await clear()
      await pool.query("DROP TABLE orders; CREATE TABLE orders (id double precision PRIMARY KEY, amount numeric)")
      const lines = Array.from({ length: 4000 }, (_, id) => `${id},1.5,${id > 2000 ? "x" : ""}`)
      const key = `orders-${directParts}.csv`
      await server.put(key, `ID,Amount,Note\n${lines.join("\n")}\n`)
      const pipeline = createPipeline({ name: "orders", batchRows: 100 })
        .normalize({ unexpected: "evolve", columns: { amount: cell.decimal() } })
        .validate(Order)
        .into(postgres({ pool, table: "orders", evolve: true }) as never)
      const processing = memoryStorage()
      const place = { landing: bucket, processing, s3: { client: server.client }, logger: silentLogger, metrics: false as const }
      const handlers = createHandlers(pipeline, { ...place, database: pool, partBytes: 10_000, directParts })
      const { output } = await runSteps(handlers, { bucket, key }, { processing })
      expect(output).toMatchObject({ status: "loaded", loaded: 4000 })
      expect((await pool.query("SELECT count(note)::int AS notes, count(*)::int AS n FROM orders")).rows).toEqual([
        { notes: 1999, n: 4000 },
      ])
    }
  })
})

test("a frozen contract loads nothing, and says which column it does not know", async () => {
  await expect(orders("freeze", { evolve: true }).run()).rejects.toMatchObject({
    code: "COLUMN_UNEXPECTED",
    message: expect.stringContaining('"Note"'),
  })
  expect(await table()).toEqual([])
  await expect(orders("freeze").plan()).rejects.toMatchObject({ code: "COLUMN_UNEXPECTED" })
})

test("a discarded column leaves the table as it is, and plan() has the notice", async () => {
  const planned = await orders("discardColumn", { evolve: true }).plan()
  const notice = {
    code: "column.discarded",
    message: 'The column "Note" is not declared and was left out. One of its cells has a value.',
    column: "Note",
  }
  expect(planned.deliveries[0]).toMatchObject({ notices: [notice], changes: { ddl: [] } })
  const { deliveries } = await orders("discardColumn", { evolve: true }).run()
  expect(deliveries[0]?.notices).toEqual([notice])
  expect(await table()).toEqual([
    { id: 1, amount: "2.50" },
    { id: 2, amount: "3.50" },
  ])
})

test("the ledger keeps the rejected rows whole, and a replay loads them once the value is gone", async () => {
  const { rejected, loaded } = await orders("rejectRow").run()
  expect([rejected, loaded, await table()]).toEqual([1, 1, [{ id: 2, amount: "3.50" }]])
  const runs = []
  for await (const run of storedRuns(pool)) runs.push(run)
  const rejects = []
  for await (const reject of storedRejects(pool, runs[0]?.id ?? "")) rejects.push(reject)
  expect(rejects).toMatchObject([{ raw: { ID: "1", Amount: "2.50", Note: "a" }, issues: [{ code: "column.unexpected", column: "Note" }] }])
  const id = runs[0]?.id ?? ""
  const correction = (note: string) => bytes(`_reject,ID,Amount,Note,_reasons,_run\n1,1,2.50,${note},why,${id}\n`)
  expect(await orders("rejectRow").replay(id, correction("still"))).toMatchObject({ loaded: 0, rejected: 1 })
  expect(await orders("rejectRow").replay(id, correction(""))).toMatchObject({ loaded: 1, rejected: 0 })
  expect((await table()).map((row) => row.id)).toEqual([1, 2])
})

test("a table that is created for several tables of a file has the columns of all, in one process and in parts", async () => {
  await using server = await startS3Server()
  const first = Array.from({ length: 200 }, (_, id) => `${id},n${id}`)
  const second = Array.from({ length: 2000 }, (_, id) => `${id},Oslo,${id}`)
  const text = `id,name\n${first.join("\n")}\n\nid,town,zip\n${second.join("\n")}\n`
  await server.put("both.csv", text)
  const shape = async () => {
    const { rows, fields } = await pool.query("SELECT * FROM places ORDER BY (name IS NULL), id::int")
    return [fields.map(({ name }) => name), rows.length, rows[0], rows.at(-1)]
  }
  const pipeline = createPipeline({ name: "places", batchRows: 100 }).parse(csv({ tables: "all" }))
  const load = pipeline.into(postgres({ pool, table: "places", createTable: true }) as never)
  await load.run({ source: bytes(text, { name: "both.csv" }) })
  const one = await shape()
  await pool.query("DROP TABLE places")
  await clear()
  const processing = memoryStorage()
  const place = { landing: bucket, processing, s3: { client: server.client }, logger: silentLogger, metrics: false as const }
  const handlers = createHandlers(load, { ...place, database: pool, partBytes: 5_000, directParts: 100 })
  const { output } = await runSteps(handlers, { bucket, key: "both.csv" }, { processing })
  expect(output).toMatchObject({ status: "loaded", loaded: 2200 })
  expect(await shape()).toEqual(one)
  expect(one.slice(0, 2)).toEqual([["id", "name", "town", "zip"], 2200])
})
