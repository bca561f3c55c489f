import pg from "pg"
import { beforeEach, describe, expect, test } from "vitest"
import { z } from "zod"
import { bytes, createPipeline, type RunOptions, type Source } from "../../src/index.ts"
import { autoParser } from "../../src/parsers/auto.ts"
import { json } from "../../src/parsers/json/json.ts"
import { migrate, type PostgresOptions, postgres, storedRuns } from "../../src/postgres.ts"
import { xlsx } from "../../src/xlsx.ts"
import { ledgerDatabase } from "../ledger-database.ts"
import { workbookBytes } from "../parsers/xlsx/workbook-bytes.ts"
import { postgresDatabase } from "../postgres-database.ts"

const Item = z.object({ id: z.number().int(), qty: z.number().int() })
type Item = z.infer<typeof Item>
type Parser = ReturnType<typeof autoParser>

const { pool, clear } = await ledgerDatabase()
beforeEach(async () => {
  await clear()
  await pool.query("DROP TABLE IF EXISTS item, gone; CREATE TABLE item (id int, qty int)")
})

const csv = "id,qty\n1,10\n2,20\n"
const load = (
  options: Partial<PostgresOptions<Item>> = {},
  { parser, source = bytes(csv), ...run }: RunOptions & { readonly parser?: Parser } = {},
) => {
  const files = createPipeline({ name: "items", budget: { share: 1 } }).from(source)
  return (parser === undefined ? files : files.parse(parser))
    .validate(Item)
    .into(postgres<Item>({ pool, table: "item", ...options } as PostgresOptions<Item>))
    .run(run)
}
const items = async (database: pg.Pool = pool, table = "item") =>
  (await database.query(`SELECT id, qty FROM ${table} ORDER BY id, qty`)).rows.map(({ id, qty }) => `${id}:${qty}`)

describe("bytes that were loaded before", () => {
  test("are refused if their table was dropped or created again, and a reload loads them", async () => {
    await load()
    await pool.query("DROP TABLE item; CREATE TABLE item (id int, qty int)")
    await expect(load()).rejects.toMatchObject({ code: "TARGET_CHANGED", remedy: expect.stringContaining("--reload") })
    expect(await items()).toEqual([])
    expect(await load({}, { reload: true })).toMatchObject({ loaded: 2 })
    expect(await load()).toMatchObject({ deliveries: [{ outcome: "duplicate", notices: [] }] })
    expect(await items()).toEqual(["1:10", "2:20"])
  })

  test("are a duplicate with a notice if the table is empty, or refused if the pipeline asks for that", async () => {
    await load()
    await pool.query("TRUNCATE item")
    const notice = { code: "target.empty", message: expect.stringContaining("public.item is empty") }
    expect(await load()).toMatchObject({ deliveries: [{ outcome: "duplicate", notices: [notice] }] })
    await expect(load({ onTargetEmpty: "refuse" })).rejects.toMatchObject({
      code: "TARGET_CHANGED",
      message: expect.stringContaining("is empty"),
    })
    expect(await load({}, { reload: true })).toMatchObject({ loaded: 2 })
  })

  test("are still recognized after the table was renamed, for both tables if another one takes its name", async () => {
    await load()
    await pool.query("ALTER TABLE item RENAME TO gone")
    expect(await load({ table: "gone" })).toMatchObject({ deliveries: [{ outcome: "duplicate" }] })
    await pool.query("CREATE TABLE item (id int, qty int)")
    await expect(load()).rejects.toMatchObject({ code: "TARGET_CHANGED" })
    expect(await load({}, { reload: true })).toMatchObject({ loaded: 2 })
    expect(await load()).toMatchObject({ deliveries: [{ outcome: "duplicate" }] })
    expect(await load({ table: "gone" })).toMatchObject({ deliveries: [{ outcome: "duplicate" }] })
    expect([await items(), await items(pool, "gone")]).toEqual([
      ["1:10", "2:20"],
      ["1:10", "2:20"],
    ])
  })

  test("are still recognized in a renamed database, and in one that was restored from a dump", async () => {
    await using database = await postgresDatabase()
    const own = () => new pg.Pool({ connectionString: database.url })
    let there = own()
    await migrate(there)
    await there.query("CREATE TABLE item (id int, qty int)")
    await load({ pool: there })
    await there.end()
    const renamed = `${database.name}_renamed`
    await pool.query(`ALTER DATABASE ${database.name} RENAME TO ${renamed}`)
    there = new pg.Pool({ connectionString: database.url.replace(database.name, renamed) })
    try {
      expect(await load({ pool: there })).toMatchObject({ deliveries: [{ outcome: "duplicate" }] })
      // A restored dump creates all tables again, including those of the ledger.
      await there.query(`CREATE TABLE copied AS TABLE item; DROP TABLE item; ALTER TABLE copied RENAME TO item;
        ALTER TABLE rowgate.run RENAME TO old; CREATE TABLE rowgate.run (LIKE rowgate.old INCLUDING ALL);
        INSERT INTO rowgate.run TABLE rowgate.old`)
      expect(await load({ pool: there })).toMatchObject({ deliveries: [{ outcome: "duplicate", notices: [] }] })
      expect(await items(there)).toEqual(["1:10", "2:20"])
    } finally {
      await there.end()
      await pool.query(`ALTER DATABASE ${renamed} RENAME TO ${database.name}`)
    }
  })

  test("are not loaded twice by a reload into a table that was created again with its rows", async () => {
    await pool.query("ALTER TABLE item ADD _run_id text, ADD _file text, ADD _row bigint")
    await load({ lineage: true })
    await pool.query("CREATE TABLE copied AS TABLE item; DROP TABLE item; ALTER TABLE copied RENAME TO item")
    await expect(load({ lineage: true })).rejects.toMatchObject({ code: "TARGET_CHANGED" })
    expect(await load({ lineage: true }, { reload: true })).toMatchObject({ loaded: 2 })
    expect(await items()).toEqual(["1:10", "2:20"])
  })

  test("are reloaded into a table that was created again only if all of its rows come from other deliveries", async () => {
    await load()
    await pool.query("CREATE TABLE copied AS TABLE item; DROP TABLE item; ALTER TABLE copied RENAME TO item")
    await expect(load({}, { reload: true })).rejects.toMatchObject({ code: "DELIVERY_REFUSED" })
    await pool.query("TRUNCATE item")
    const other = bytes("id,qty\n3,30\n")
    expect(await load({}, { source: other })).toMatchObject({ loaded: 1 })
    expect(await load({}, { reload: true })).toMatchObject({ loaded: 2 })
    expect(await items()).toEqual(["1:10", "2:20", "3:30"])
  })

  test("that loaded no row are a duplicate, whether the table exists or not", async () => {
    await pool.query("DROP TABLE item")
    const source = bytes("id,qty\nx,1\n")
    expect(await load({ createTable: true }, { source })).toMatchObject({ rejected: 1, deliveries: [{ outcome: "loaded" }] })
    expect(await load({ createTable: true }, { source })).toMatchObject({
      deliveries: [{ outcome: "duplicate", notices: [{ code: "target.rejects_open" }] }],
    })
  })

  test("are recognized for both tables after these have swapped their names, and each can be reloaded", async () => {
    const traced = { lineage: true, createTable: true } as const
    await pool.query("DROP TABLE item")
    await load(traced)
    await pool.query("ALTER TABLE item RENAME TO gone")
    await load(traced, { reload: true })
    await pool.query("ALTER TABLE item RENAME TO swap; ALTER TABLE gone RENAME TO item; ALTER TABLE swap RENAME TO gone")
    for (const table of ["item", "gone"]) {
      expect(await load({ ...traced, table })).toMatchObject({ deliveries: [{ outcome: "duplicate" }] })
      expect(await load({ ...traced, table }, { reload: true })).toMatchObject({ loaded: 2 })
      expect(await items(pool, table)).toEqual(["1:10", "2:20"])
    }
  })

  test("of another sheet are still recognized when the columns that name it are gone", async () => {
    const source = bytes('{"a": [{"id": 1, "qty": 1}]}')
    await load({}, { source, parser: json({ path: "/a" }) })
    await pool.query("UPDATE rowgate.run SET source_table = NULL, as_of = NULL, target_oid = NULL, ledger_oid = NULL, lineage = NULL")
    expect(await load({}, { source, parser: json({ path: "/a" }) })).toMatchObject({ deliveries: [{ outcome: "duplicate" }] })
  })

  test("into an unlogged table have a notice that a crash would lose the rows", async () => {
    await pool.query("ALTER TABLE item SET UNLOGGED")
    const notice = { code: "target.unlogged", message: expect.stringContaining("public.item is unlogged") }
    expect(await load()).toMatchObject({ loaded: 2, deliveries: [{ notices: [notice] }] })
    expect(await load()).toMatchObject({ deliveries: [{ outcome: "duplicate", notices: [notice] }] })
  })
})

describe("tables of one file", () => {
  const sheet = (name: string, id: number) => ({
    name,
    rows: `<row r="1"><c r="A1" t="inlineStr"><is><t>id</t></is></c><c r="B1" t="inlineStr"><is><t>qty</t></is></c></row><row r="2"><c r="A2"><v>${id}</v></c><c r="B2"><v>0</v></c></row>`,
  })
  const book = workbookBytes({ sheets: [{ name: "Cover", rows: "" }, sheet("Orders", 1), sheet("It's back", 2)] })
  const outcomes = async (source: Source, ...parsers: readonly Parser[]) => {
    const found: string[] = []
    for (const parser of parsers) {
      const { deliveries } = await load({}, { parser, source })
      found.push(`${deliveries[0]?.sourceTable ?? "default"} ${deliveries[0]?.outcome}`)
    }
    return found
  }

  test("are separate deliveries, and each loads once whatever name selects it", async () => {
    const sheets = [undefined, 2, "orders", "3", "It's back", "IT'S BACK"].map((name) => xlsx({ sheet: name }))
    expect(await outcomes(bytes(book), ...sheets, xlsx({ range: "'It''s back'!A1:B2" }), autoParser({ xlsx: { sheet: 3 } }))).toEqual([
      "default loaded",
      "default duplicate",
      "default duplicate",
      "'It''s back' loaded",
      "'It''s back' duplicate",
      "'It''s back' duplicate",
      "'It''s back'!A1:B2 loaded",
      "'It''s back' duplicate",
    ])
    expect(await items()).toEqual(["1:0", "2:0", "2:0"])
    const kept: unknown[] = []
    for await (const { sourceTable, asOf } of storedRuns(pool)) kept.unshift([sourceTable, asOf instanceof Date])
    expect(kept).toEqual([
      [undefined, true],
      ["'It''s back'", true],
      ["'It''s back'!A1:B2", true],
    ])
  })

  test("are distinguished in JSON by their path", async () => {
    const source = bytes('{"a": [{"id": 1, "qty": 1}], "b": [{"id": 2, "qty": 2}]}')
    expect(await outcomes(source, json({ path: "/a" }), json({ path: "/b" }), json({ path: "/a" }))).toEqual([
      "/a loaded",
      "/b loaded",
      "/a duplicate",
    ])
  })

  test("that an earlier ledger does not name count as the first one", async () => {
    await load({}, { source: bytes(book) })
    await pool.query("UPDATE rowgate.run SET as_of = NULL, target_oid = NULL, ledger_oid = NULL, lineage = NULL")
    expect(await outcomes(bytes(book), xlsx({ sheet: "Orders" }), xlsx({ sheet: "It's back" }))).toEqual([
      "default duplicate",
      "'It''s back' loaded",
    ])
  })
})

describe("several files of one run", () => {
  const two: Source = {
    name: "two",
    async *files(context) {
      yield* bytes("id,qty\n1,1\n", { name: "a.csv" }).files(context)
      yield* bytes("id,qty\n2,2\n", { name: "b.csv" }).files(context)
    },
  }

  test.each([{ mode: "replace" }, { mode: "delete-missing", key: ["id"], scope: "table" }] as const)(
    "are refused before anything is loaded where each would undo the one before ($mode)",
    async (mode) => {
      await pool.query("INSERT INTO item VALUES (7, 7); CREATE UNIQUE INDEX ON item (id)")
      await expect(load(mode, { source: two })).rejects.toMatchObject({ code: "CONFIG_INVALID", message: expect.stringContaining("b.csv") })
      expect(await items()).toEqual(["7:7"])
      expect((await pool.query("SELECT FROM rowgate.run")).rowCount).toBe(0)
    },
  )

  test("become versions in their order, however many are read at the same time", async () => {
    await pool.query("ALTER TABLE item ADD valid_from timestamptz, ADD valid_to timestamptz")
    const source: Source = {
      name: "many",
      async *files(context) {
        for (let qty = 0; qty < 6; qty++) yield* bytes(`id,qty\n1,${qty}\n`, { name: `${qty}.csv` }).files(context)
      },
    }
    const pipeline = createPipeline({ name: "history", concurrency: 4 })
      .from(source)
      .validate(Item)
      .into(postgres<Item>({ pool, table: "item", mode: "scd2", key: ["id"] }))
    expect(await pipeline.run()).toMatchObject({ loaded: 6, rejected: 0 })
    const { rows } = await pool.query("SELECT qty, valid_to IS NULL AS current FROM item ORDER BY valid_from")
    expect(rows).toEqual([0, 1, 2, 3, 4, 5].map((qty) => ({ qty, current: qty === 5 })))
  })
})

describe("rows that a load would remove without a reason", () => {
  test("stay if a replace has only rejects, unless the options allow it", async () => {
    await pool.query("INSERT INTO item VALUES (7, 7)")
    const source = bytes("id,qty\n1,x\n2,y\n")
    const refused = { outcome: "refused", rejected: 2, reason: expect.stringContaining("onAllRejected") }
    expect(await load({ mode: "replace" }, { source })).toMatchObject({ deliveries: [refused] })
    expect(await items()).toEqual(["7:7"])
    expect(await load({ mode: "replace", onAllRejected: "empty" }, { source })).toMatchObject({ deliveries: [{ outcome: "loaded" }] })
    expect(await items()).toEqual([])
  })

  test("stay if a key cannot be read: the delivery is refused, or reports that it removed nothing", async () => {
    await pool.query("INSERT INTO item VALUES (7, 7); CREATE UNIQUE INDEX ON item (id)")
    const source = bytes("id,qty\n1,1\nx,2\n")
    const mode = { mode: "delete-missing", key: ["id"], scope: "table" } as const
    const refused = { outcome: "refused", reason: expect.stringContaining("the key of one rejected row cannot be read") }
    expect(await load(mode, { source })).toMatchObject({ deliveries: [refused] })
    expect(await items()).toEqual(["7:7"])
    const notice = { code: "target.not_deleted", message: expect.stringContaining("the key of one rejected row") }
    expect(await load({ ...mode, onUnreadableKey: "keep" }, { source })).toMatchObject({
      loaded: 1,
      deliveries: [{ outcome: "loaded", notices: [notice] }],
    })
    expect(await items()).toEqual(["1:1", "7:7"])
  })
})
