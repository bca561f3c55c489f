import { beforeEach, describe, expect, test } from "vitest"
import { conserves } from "../../src/model/run-report.ts"
import { postgres } from "../../src/postgres.ts"
import { ledgerDatabase } from "../ledger-database.ts"
import { postgresDatabase } from "../postgres-database.ts"
import { deliver } from "../sinks/deliver.ts"
import { batchOf } from "./batch-of.ts"

const { url: direct, pool, clear } = await ledgerDatabase()
beforeEach(async () => {
  await pool.query("DROP TABLE IF EXISTS person; CREATE TABLE person (id int PRIMARY KEY, name text)")
  await clear()
})

const people = () => [
  batchOf([
    { id: 1, name: "Ada" },
    { id: 2, name: null },
  ]),
  batchOf([{ id: 3, name: "" }], undefined, 3),
]
const table = async (sql = "SELECT * FROM person ORDER BY id") => (await pool.query(sql)).rows

describe("a delivery into PostgreSQL", () => {
  test("loads every row and distinguishes null from empty text", async () => {
    const report = await deliver(postgres({ pool, table: "person" }), people())
    expect(report).toMatchObject({ outcome: "loaded", read: 3, loaded: 3 })
    expect(await table()).toEqual([
      { id: 1, name: "Ada" },
      { id: 2, name: null },
      { id: 3, name: "" },
    ])
  })

  test("of the same bytes again loads nothing and names the delivery that loaded them", async () => {
    const first = await deliver(postgres({ pool, table: "person" }), people())
    const second = await deliver(postgres({ pool, table: "person" }), people())
    expect(second).toMatchObject({ outcome: "duplicate", duplicateOf: first.deliveryId })
    expect(await table()).toHaveLength(3)
  })

  test("of the same bytes again is recognized at the end if the hash comes last", async () => {
    const first = await deliver(postgres({ pool, table: "person" }), people())
    await pool.query("DELETE FROM person")
    const second = await deliver(postgres({ pool, table: "person" }), people(), { hashLast: true })
    expect(second).toMatchObject({ outcome: "duplicate", duplicateOf: first.deliveryId })
    expect(await table()).toEqual([])
  })

  test("keeps rejected rows with their cells and reasons", async () => {
    const batch = batchOf([
      { id: 1, name: "Ada" },
      { id: 2, name: "bad\u0000\ud800" },
    ])
    batch.fail(1, { code: "name.bad", message: "is bad" })
    const report = await deliver(postgres({ pool, table: "person" }), [batch])
    expect(report).toMatchObject({ read: 2, loaded: 1, rejected: 1 })
    const [reject] = await table("SELECT * FROM rowgate.reject")
    expect(reject).toMatchObject({ run_id: report.deliveryId, row_number: "2", raw: { id: 2, name: "bad\u0000\ud800" } })
    expect(reject.issues).toMatchObject([{ code: "name.bad", message: "is bad" }])
  })

  test("that is refused leaves its rejects and reason in the ledger but no row, and the file can be loaded again", async () => {
    const sink = postgres({ pool, table: "person" })
    const batch = batchOf([
      { id: 1, name: "Ada" },
      { id: 2, name: "Bo" },
    ])
    batch.fail(1, { code: "name.bad", message: "is bad" })
    const refused = await deliver(sink, [batch], { refuse: "score too low" })
    expect(conserves(refused)).toBe(true)
    expect(await table()).toEqual([])
    expect(await table("SELECT status, reason, withheld FROM rowgate.run")).toEqual([
      { status: "refused", reason: "score too low", withheld: "1" },
    ])
    expect(await table("SELECT 1 FROM rowgate.reject")).toHaveLength(1)
    expect(await deliver(sink, people())).toMatchObject({ outcome: "loaded" })
  })

  test("that is only a dry run leaves nothing", async () => {
    const report = await deliver(postgres({ pool, table: "person" }), people(), { delivery: { dryRun: true } })
    expect(report).toMatchObject({ outcome: "dry", withheld: 3 })
    expect(await table()).toEqual([])
    expect(await table("SELECT 1 FROM rowgate.run")).toEqual([])
  })

  test("rejects rows with text that PostgreSQL cannot store", async () => {
    const rows = [
      { id: 1, name: "a\u0000b" },
      { id: 2, name: "half \ud83d" },
      { id: 3, name: "whole \u{1f600}" },
      { id: 2 ** 31, name: "far" },
      { id: 1.5, name: "half" },
    ]
    const report = await deliver(postgres({ pool, table: "person" }), [batchOf(rows)])
    expect(report).toMatchObject({ loaded: 1, rejected: 4 })
    expect(await table()).toEqual([{ id: 3, name: "whole \u{1f600}" }])
    const rejects = await table("SELECT issues->0->>'code' AS code FROM rowgate.reject ORDER BY row_number")
    expect(rejects.map(({ code }) => code)).toEqual([
      "postgres.null_character",
      "postgres.lone_surrogate",
      "postgres.out_of_range",
      "postgres.not_whole",
    ])
  })

  test("creates the table from the columns that the pipeline declares", async () => {
    await pool.query("DROP TABLE IF EXISTS made")
    const columns = [
      { name: "orderId", kind: "integer", nullable: false },
      { name: "amount", kind: "decimal", nullable: true, precision: 12, scale: 2 },
      { name: "orderedOn", kind: "date", nullable: true },
      { name: "tags", kind: "json", nullable: true },
    ] as const
    const rows = [{ orderId: 1, amount: "10.50", orderedOn: new Date("2026-02-28"), tags: ["a", "b\n"] }]
    const sink = postgres({ pool, table: "made", createTable: true, naming: "snake_case", lineage: true })
    await deliver(sink, [batchOf(rows)], { columns })
    expect(await table("SELECT order_id, amount, ordered_on::text, tags, _file, _row FROM made")).toEqual([
      { order_id: "1", amount: "10.50", ordered_on: "2026-02-28", tags: ["a", "b\n"], _file: "memory:test", _row: "1" },
    ])
  })
})

describe("a load that is impossible", () => {
  test.each([
    ["a port where nobody listens", "postgres://a:b@127.0.0.1:1/x", "SINK_UNREACHABLE"],
    ["a connection string that is none", "localhost/x", "CONFIG_INVALID"],
  ])("is refused by name: %s", async (_what, url, code) => {
    await expect(deliver(postgres({ url, table: "person" }), people())).rejects.toMatchObject({ code, remedy: expect.stringMatching(/./) })
  })

  test("names the reason: a wrong password", async () => {
    const url = new URL(direct)
    url.password = "wrong"
    const refused = expect(deliver(postgres({ url: url.href, table: "person" }), people())).rejects
    await refused.toMatchObject({ code: "SINK_UNREACHABLE", message: expect.not.stringContaining("wrong") })
  })

  test("names the reason: a database without a ledger", async () => {
    await using empty = await postgresDatabase()
    const sink = postgres({ url: empty.url, table: "person" })
    await expect(deliver(sink, people())).rejects.toMatchObject({ code: "LEDGER_MISSING" })
    await sink.close?.(undefined)
  })

  test("names the reason: a missing table, and a table that lacks a column", async () => {
    await expect(deliver(postgres({ pool, table: "nowhere" }), people())).rejects.toMatchObject({ code: "SINK_SCHEMA_MISMATCH" })
    const wider = [batchOf([{ id: 1, name: "Ada", mail: "a@b.c" }])]
    await expect(deliver(postgres({ pool, table: "person" }), wider)).rejects.toMatchObject({
      code: "SINK_SCHEMA_MISMATCH",
      message: expect.stringContaining("mail"),
      origin: { table: "person", column: "mail" },
    })
    expect(await table()).toEqual([])
    expect(pool.idleCount).toBe(pool.totalCount)
  })
})
