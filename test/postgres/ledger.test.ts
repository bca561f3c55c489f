import { beforeEach, describe, expect, test } from "vitest"
import type { Delivery } from "../../src/contract/delivery.ts"
import type { PostgresOptions } from "../../src/postgres.ts"
import { postgres } from "../../src/postgres.ts"
import { ledgerDatabase } from "../ledger-database.ts"
import { deliver, type TestDelivery } from "../sinks/deliver.ts"
import { batchOf } from "./batch-of.ts"

const { pool, clear } = await ledgerDatabase()
beforeEach(async () => {
  await clear()
  await pool.query("DROP TABLE IF EXISTS item; CREATE TABLE item (id int PRIMARY KEY, qty int, _run_id text, _file text, _row int)")
})

interface Item {
  readonly id: number
  readonly qty: number | null
}

const items = async () => (await pool.query("SELECT id, qty FROM item ORDER BY id")).rows.map(({ id, qty }) => `${id}:${qty}`)
const runs = async () => (await pool.query("SELECT status FROM rowgate.run ORDER BY started_at")).rows.map(({ status }) => status)

function load(
  rows: readonly object[],
  { content = "one", ...options }: TestDelivery & { readonly sink?: Partial<PostgresOptions<Item>> } = {},
) {
  const { sink, ...delivery } = options
  const target = postgres<Item>({ pool, table: "item", lineage: true, ...sink } as PostgresOptions<Item>)
  return deliver(target as Parameters<typeof deliver>[0], [batchOf(rows as { [column: string]: unknown }[])], { content, ...delivery })
}

describe("names with characters that PostgreSQL cannot store", () => {
  test("keep a file neither from being loaded nor from being recognized again", async () => {
    const uri = "file:///odd\0name\ud800.csv"
    const odd = { delivery: { uri, pipeline: "pipe\0line", version: "v\0" } }
    const batch = [
      batchOf(
        [
          { id: 1, qty: 1 },
          { id: "x", qty: 2 },
        ],
        uri,
      ),
    ]
    const target = () => postgres({ pool, table: "item", lineage: true })
    expect(await deliver(target(), batch, odd)).toMatchObject({ loaded: 1, rejected: 1 })
    expect(await deliver(target(), batch, { ...odd, hashLast: true })).toMatchObject({ outcome: "duplicate" })
    const { rows } = await pool.query(
      "SELECT pipeline, uri, version, (SELECT uri FROM rowgate.reject) AS of, (SELECT _file FROM item) AS file FROM rowgate.run",
    )
    const name = "file:///odd\u2400name\ufffd.csv"
    expect(rows).toEqual([{ pipeline: "pipe\u2400line", uri: name, version: "v\u2400", of: name, file: name }])
  })

  test("appear in reports and reasons with replacement characters", async () => {
    const refuse = "the column a\0b\ud800 is \\u0000"
    await load([{ id: 1, qty: 1 }], { refuse })
    const { rows } = await pool.query("SELECT reason, report ->> 'reason' AS reported FROM rowgate.run")
    const reason = "the column a\u2400b\ufffd is \\u0000"
    expect(rows).toEqual([{ reason, reported: reason }])
  })
})

describe("the same file again", () => {
  test("under another name loads nothing, but other bytes under the same name are loaded", async () => {
    const first = await load([{ id: 1, qty: 1 }], { delivery: { uri: "file:///a.csv" } })
    const renamed = await load([{ id: 1, qty: 1 }], { delivery: { uri: "file:///b.csv" } })
    expect(renamed).toMatchObject({ outcome: "duplicate", duplicateOf: first.deliveryId })
    expect(await load([{ id: 2, qty: 2 }], { content: "two", delivery: { uri: "file:///a.csv" } })).toMatchObject({ outcome: "loaded" })
    expect(await items()).toEqual(["1:1", "2:2"])
  })

  test("loads if a feed may repeat files, but even then the same version of the same file loads once", async () => {
    const feed = { onSameContent: "load" } as const
    await pool.query("ALTER TABLE item DROP CONSTRAINT item_pkey")
    const of = (uri: string, version: string) => load([{ id: 1, qty: 1 }], { sink: feed, delivery: { uri, version } })
    const outcomes = []
    for (const [uri, version] of [
      ["s3://b/mon.csv", "v1"],
      ["s3://b/tue.csv", "v1"],
      ["s3://b/tue.csv", "v2"],
      ["s3://b/tue.csv", "v2"],
    ] as const)
      outcomes.push((await of(uri, version)).outcome)
    expect(outcomes).toEqual(["loaded", "loaded", "loaded", "duplicate"])
  })

  test("is recognized by its name and version before its bytes are read", async () => {
    const delivery = { uri: "s3://b/a.csv", version: "v7" }
    await load([{ id: 1, qty: 1 }], { delivery })
    let asked = false
    const sink = postgres<Item>({ pool, table: "item" })
    async function* batches() {
      asked = true
      yield batchOf([{ id: 1, qty: 1 }])
    }
    expect(await deliver(sink as Parameters<typeof deliver>[0], batches(), { content: "one", delivery, hashLast: true })).toMatchObject({
      outcome: "duplicate",
    })
    expect(asked).toBe(false)
  })

  test("is another delivery for another pipeline or another table", async () => {
    await pool.query("CREATE TABLE IF NOT EXISTS item2 (id int, qty int)")
    await load([{ id: 1, qty: 1 }])
    expect(await load([{ id: 2, qty: 1 }], { delivery: { pipeline: "other" } })).toMatchObject({ outcome: "loaded" })
    expect(await load([{ id: 1, qty: 1 }], { sink: { table: "item2", lineage: false } })).toMatchObject({ outcome: "loaded" })
  })
})

describe("a reload", () => {
  test("of a history leaves no gap and loses no version, whenever it happens", async () => {
    await pool.query(`
      DROP TABLE IF EXISTS past;
      CREATE TABLE past (id int, qty int, valid_from timestamptz, valid_to timestamptz, _run_id text, _file text, _row int);
      CREATE UNIQUE INDEX ON past (id) WHERE valid_to IS NULL`)
    const sink = { table: "past", mode: "scd2", key: ["id"] } as unknown as Partial<PostgresOptions<Item>>
    const at = (asOf: string, content: string, qty: number, reload = false) =>
      load(
        [
          { id: 1, qty: 1 },
          { id: 2, qty },
        ],
        { sink, content, delivery: { reload }, context: { asOf: new Date(asOf) } },
      )
    const versions = async () =>
      (
        await pool.query("SELECT id, qty, valid_from::date::text AS f, valid_to::date::text AS t FROM past ORDER BY id, valid_from")
      ).rows.map(({ id, qty, f, t }) => `${id}:${qty} ${f}..${t ?? ""}`)
    await at("2026-01-01", "one", 1)
    await at("2026-02-01", "two", 2)
    const before = ["1:1 2026-01-01..", "2:1 2026-01-01..2026-02-01", "2:2 2026-02-01.."]
    expect(await versions()).toEqual(before)
    // Again at the same instant, with the same values and with different ones.
    await at("2026-02-01", "two", 2, true)
    expect(await versions()).toEqual(before)
    await at("2026-02-01", "two", 3, true)
    expect(await versions()).toEqual([...before.slice(0, 2), "2:3 2026-02-01.."])
    await at("2026-03-01", "two", 4, true)
    expect(await versions()).toEqual([before[0], "2:1 2026-01-01..2026-03-01", "2:4 2026-03-01.."])
    // The same values as in the first version, so no version is left to add.
    await at("2026-03-01", "two", 1, true)
    expect(await versions()).toEqual([before[0], "2:1 2026-01-01.."])
  })

  test("replaces the rows that the delivery loaded before", async () => {
    const first = await load(
      [
        { id: 1, qty: 1 },
        { id: 2, qty: 2 },
      ],
      { delivery: { contractVersion: "1" } },
    )
    await load([{ id: 9, qty: 9 }], { content: "other" })
    const again = await load([{ id: 1, qty: 10 }], { delivery: { reload: true, contractVersion: "2" } })
    expect(again).toMatchObject({ outcome: "loaded", loaded: 1 })
    expect(await items()).toEqual(["1:10", "9:9"])
    const { rows } = await pool.query("SELECT status, replaced_by FROM rowgate.run WHERE id = $1", [first.deliveryId])
    expect(rows).toEqual([{ status: "replaced", replaced_by: again.deliveryId }])
    expect(await load([{ id: 1, qty: 1 }])).toMatchObject({ outcome: "duplicate", duplicateOf: again.deliveryId })
  })

  test("works if the bytes are known only at the end, and in a merge", async () => {
    const sink = { mode: "upsert", key: ["id"] } as const
    await load(
      [
        { id: 1, qty: 1 },
        { id: 2, qty: 2 },
      ],
      { sink },
    )
    await load(
      [
        { id: 2, qty: 20 },
        { id: 3, qty: 3 },
      ],
      { sink, hashLast: true, delivery: { reload: true } },
    )
    expect(await items()).toEqual(["2:20", "3:3"])
    expect(await runs()).toEqual(["replaced", "committed"])
  })

  test.each([
    { mode: "insert-only", key: ["id"] },
    { mode: "upsert", key: ["id"] },
    { mode: "delete-missing", key: ["id"], scope: "table" },
  ] as const)("puts its rows in the place of the earlier ones in the mode $mode, however often", async (mode) => {
    const rows = [
      { id: 1, qty: 1 },
      { id: 2, qty: 2 },
    ]
    for (const options of [{}, { hashLast: true }]) {
      await pool.query("DELETE FROM item")
      await clear()
      await load(rows, { sink: mode })
      for (const qty of [7, 8, 9]) {
        const again = await load([{ id: 1, qty }], { sink: mode, delivery: { reload: true }, ...options })
        expect(again).toMatchObject({ outcome: "loaded", loaded: 1, skipped: 0 })
        expect(await items()).toEqual([`1:${qty}`])
      }
    }
  })

  test("that is refused changes nothing", async () => {
    await load([{ id: 1, qty: 1 }])
    await load([{ id: 1, qty: 2 }], { delivery: { reload: true }, refuse: "worse than before" })
    expect(await items()).toEqual(["1:1"])
    expect(await runs()).toEqual(["committed", "refused"])
  })

  test("is refused if an earlier load left the column _run_id empty, however often it is tried", async () => {
    await pool.query("ALTER TABLE item DROP CONSTRAINT item_pkey")
    await load([{ id: 1, qty: 1 }], { sink: { lineage: false } })
    for (const lineage of [false, true]) {
      const again = load([{ id: 1, qty: 1 }], { sink: { lineage }, delivery: { reload: true } })
      await expect(again).rejects.toMatchObject({ code: "DELIVERY_REFUSED" })
    }
    // An entry of an earlier version of rowgate does not record whether the column was filled.
    await pool.query("UPDATE rowgate.run SET lineage = NULL")
    await expect(load([{ id: 1, qty: 1 }], { delivery: { reload: true } })).rejects.toMatchObject({ code: "DELIVERY_REFUSED" })
    expect(await items()).toEqual(["1:1"])
    const replaced = await load([{ id: 1, qty: 1 }], { sink: { mode: "replace" }, delivery: { reload: true } })
    expect(replaced).toMatchObject({ outcome: "loaded", loaded: 1 })
    expect(await items()).toEqual(["1:1"])
  })

  test("needs to know which rows the delivery wrote", async () => {
    await pool.query("ALTER TABLE item DROP COLUMN _run_id, DROP COLUMN _file, DROP COLUMN _row")
    await load([{ id: 1, qty: 1 }], { sink: { lineage: false } })
    const again = load([{ id: 1, qty: 1 }], { sink: { lineage: false }, delivery: { reload: true } })
    await expect(again).rejects.toMatchObject({ code: "DELIVERY_REFUSED", remedy: expect.stringContaining("lineage") })
    expect(await items()).toEqual(["1:1"])
  })
})

describe("corrected rejects", () => {
  const corrected = async () =>
    (await pool.query("SELECT reject::int, corrected_by FROM rowgate.reject WHERE run_id = $1 ORDER BY reject", [rejecting])).rows
  let rejecting = ""
  beforeEach(async () => {
    const report = await load([
      { id: 1, qty: 1 },
      { id: 2, qty: "x" },
      { id: 3, qty: "y" },
    ])
    rejecting = report.deliveryId
    expect(report.rejected).toBe(2)
  })
  const correct = (rows: readonly object[], rejects: readonly number[], content = "corrected") =>
    load(rows, { content, delivery: { corrects: { delivery: rejecting, rejects } } as Partial<Delivery> })

  test("are loaded and linked to the rejects that they correct; rows that fail again stay open", async () => {
    const report = await correct(
      [
        { id: 2, qty: 22 },
        { id: 3, qty: "still y" },
      ],
      [1, 2],
    )
    expect(report).toMatchObject({ loaded: 1, rejected: 1 })
    expect(await items()).toEqual(["1:1", "2:22"])
    expect(await corrected()).toEqual([
      { reject: 1, corrected_by: report.deliveryId },
      { reject: 2, corrected_by: null },
    ])
  })

  test("are refused if the reject was corrected before or does not exist", async () => {
    await correct([{ id: 2, qty: 22 }], [1])
    await expect(correct([{ id: 2, qty: 23 }], [1], "again")).rejects.toMatchObject({ code: "DELIVERY_REFUSED" })
    await expect(correct([{ id: 2, qty: 23 }], [77], "nothing")).rejects.toMatchObject({ code: "DELIVERY_REFUSED" })
    expect(await items()).toEqual(["1:1", "2:22"])
  })

  test("are loaded once if two replays bring them at the same time", async () => {
    const both = await Promise.allSettled([correct([{ id: 2, qty: 1 }], [1], "a"), correct([{ id: 4, qty: 2 }], [1], "b")])
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"])
    expect(await items()).toHaveLength(2)
  })
})

describe("a dry run", () => {
  test("reports what it would do to the table and changes nothing", async () => {
    await load([{ id: 1, qty: 1 }])
    const columns = [
      { name: "id", kind: "integer", nullable: false },
      { name: "qty", kind: "decimal", nullable: true, precision: 10, scale: 2 },
      { name: "note", kind: "text", nullable: true },
    ] as const
    const sink = postgres<Item & { note: string }>({ pool, table: "item", mode: "upsert", key: ["id"], evolve: true })
    await using session = await (sink as Parameters<typeof deliver>[0]).open(
      { runId: "r", signal: new AbortController().signal, logger: console, asOf: new Date(0) },
      { id: "dry", pipeline: "test", uri: "memory:x", sha256: "ff", columns, dryRun: true },
    )
    await session.write(
      batchOf([
        { id: 1, qty: "1.50", note: "a" },
        { id: 2, qty: "2.50", note: "b" },
      ]),
    )
    expect(await session.settle?.("ff")).toMatchObject({
      loaded: 2,
      changes: {
        ddl: ['ALTER TABLE "public"."item" ALTER COLUMN "id" TYPE bigint, ALTER COLUMN "qty" TYPE numeric, ADD COLUMN "note" text'],
        inserted: 1,
        updated: 1,
        deleted: 0,
      },
    })
    await session[Symbol.asyncDispose]()
    const { rows } = await pool.query("SELECT attname FROM pg_attribute WHERE attrelid = 'item'::regclass AND attname = 'note'")
    expect(rows).toEqual([])
    expect(await items()).toEqual(["1:1"])
  })
})

describe("a contract that grows", () => {
  test("adds columns, widens types and keeps existing values", async () => {
    await pool.query("INSERT INTO item (id, qty) VALUES (1, 1)")
    const columns = [
      { name: "id", kind: "integer", nullable: false },
      { name: "qty", kind: "number", nullable: true },
      { name: "note", kind: "text", nullable: false },
    ] as const
    await load([{ id: 2 ** 40, qty: 1.5, note: "new" }], { sink: { evolve: true }, columns })
    expect((await pool.query("SELECT id, qty, note FROM item ORDER BY id")).rows).toEqual([
      { id: "1", qty: 1, note: null },
      { id: String(2 ** 40), qty: 1.5, note: "new" },
    ])
  })

  test("does not change the table without evolve", async () => {
    await expect(load([{ id: 1, qty: 1, note: "x" }])).rejects.toMatchObject({
      code: "SINK_SCHEMA_MISMATCH",
      message: expect.stringContaining("note"),
    })
  })
})
