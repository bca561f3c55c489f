import { beforeEach, describe, expect, test } from "vitest"
import { bytes, cell, createPipeline } from "../../src/index.ts"
import { toDate } from "../../src/model/fine-instant.ts"
import { type PostgresOptions, postgres } from "../../src/postgres.ts"
import { ledgerDatabase } from "../ledger-database.ts"
import { deliver } from "../sinks/deliver.ts"
import { batchOf } from "./batch-of.ts"

const { pool, clear } = await ledgerDatabase({ options: "-c timezone=UTC" })
beforeEach(async () => {
  await pool.query("DROP TABLE IF EXISTS feed; DROP DOMAIN IF EXISTS amount, code, moment CASCADE")
  await pool.query("CREATE DOMAIN amount AS numeric(10,2); CREATE DOMAIN positive_amount AS amount CHECK (VALUE > 0)")
  await pool.query("CREATE DOMAIN code AS varchar(3); CREATE DOMAIN moment AS timestamptz(0)")
  await clear()
})

const into = (options: object = {}) => postgres({ pool, table: "feed", ...options } as PostgresOptions<object>) as never
const values = async () => (await pool.query({ text: "SELECT v::text FROM feed ORDER BY id", rowMode: "array" })).rows.flat()
const refused = async () =>
  (
    await pool.query(
      "SELECT raw->>'v' AS v, issues->0->>'code' AS code, issues->0->>'column' AS column FROM rowgate.reject ORDER BY row_number",
    )
  ).rows

async function load(type: string, cells: readonly string[], options: object = {}) {
  await pool.query(`CREATE TABLE feed (id int PRIMARY KEY, v ${type})`)
  const csv = ["id;v", ...cells.map((value, at) => `${at + 1};${value}`)].join("\n")
  return createPipeline({ name: "feed" }).from(bytes(csv)).into(into(options)).run()
}

describe("a text that the column would change is rejected", () => {
  test.each([
    ["leading zeros", "bigint", ["10115", "01067", "0"], "01067"],
    ["leading zeros behind a minus", "numeric", ["-5", "-05", "0.5"], "-05"],
    ["leading zeros", "double precision", ["7.5", "007.5", "0"], "007.5"],
    ["a plus sign, as of a telephone number", "numeric(20,0)", ["4930123456", "+4930123456"], "+4930123456"],
    ["digits beyond the scale", "numeric(10,2)", ["1.25", "1.250", "1.255"], "1.255"],
    ["digits beyond the scale, with an exponent", "numeric(10,2)", ["125e-2", "1255e-3"], "1255e-3"],
    ["digits before a negative scale", "numeric(10,-2)", ["1200", "1250"], "1250"],
    ["digits beyond those of a double", "double precision", ["0.1", "12345678901234567891"], "12345678901234567891"],
    ["digits beyond those of a real", "real", ["0.1", "16777217"], "16777217"],
    [
      "digits of a second",
      "timestamptz(3)",
      ["2024-01-01 10:00:00.123", "2024-01-01 10:00:00.1234", "2024-01-01T10:00:00.5000"],
      "2024-01-01 10:00:00.1234",
    ],
    ["digits of a second", "timestamp(0)", ["2024-01-01 10:00:00.000", "2024-01-01 10:00:00.5", "2024-01-01"], "2024-01-01 10:00:00.5"],
    ["nanoseconds", "timestamptz", ["2024-01-01 10:00:00.123456", "2024-01-01 10:00:00.123456789"], "2024-01-01 10:00:00.123456789"],
    ["a day that depends on today", "date", ["2024-01-31", "20240131", "yesterday"], "yesterday"],
    ["an order of day and month that depends on the server", "date", ["2024-01-31", "01/02/2024"], "01/02/2024"],
    ["the moment of the load", "timestamptz", ["2024-01-31 10:00:00+02", "now"], "now"],
    ["a year of two digits", "timestamp", ["2024-01-31T10:00", "01-02-03 10:00"], "01-02-03 10:00"],
    ["the moment of the load", "time", ["10:00", "now"], "now"],
    ["the beginning of a word", "boolean", ["yes", "FALSE", "0", "tru"], "tru"],
    ["digits of a second", "time(2)", ["10:00:00.25", "10:00:00.255", "10:00"], "10:00:00.255"],
    ["digits beyond the scale", "amount", ["1.25", "1.255"], "1.255"],
    ["digits beyond the scale", "positive_amount", ["1.25", "1.255"], "1.255"],
    ["blanks beyond the length", "code", ["abc", "abc "], "abc "],
    ["digits of a second", "moment", ["2024-01-01 10:00:00", "2024-01-01 10:00:00.7"], "2024-01-01 10:00:00.7"],
    ["blanks beyond the length", "varchar(3)", ["abc", "ab ", "abc "], "abc "],
    ["an offset", "timestamp", ["2024-01-01T10:00Z", "2024-01-01 10:00:00+00", "2024-01-01T10:00+02:00"], "2024-01-01T10:00+02:00"],
    ["an offset", "timestamp(3)", ["2024-01-01 10:00:00.125", "2024-01-01 10:00:00.5-0330"], "2024-01-01 10:00:00.5-0330"],
    ["an offset", "time", ["10:00Z", "10:00 PM", "10:00+02"], "10:00+02"],
    ["a day", "time(0)", ["10:00", "100000", "2024-01-01 10:00"], "2024-01-01 10:00"],
    ["digits of a second", "timetz(0)", ["10:00:00+02", "10:00:00.5+02"], "10:00:00.5+02"],
    ["digits of a second", "interval(0)", ["00:01", "1.5 hours", "00:00:01.5"], "00:00:01.5"],
    ["digits of a second", "interval(1)", ["1 day 1.5 seconds", "PT1.25S"], "PT1.25S"],
    ["digits of a second", "interval", ["1.123456 s", "00:00:01.1234567"], "00:00:01.1234567"],
    ["seconds", "interval day to minute", ["1 day 00:01", "P1DT2M", "1 day 00:00:30"], "1 day 00:00:30"],
    ["months", "interval year", ["2 years", "P2Y", "1 year 3 months"], "1 year 3 months"],
    ["a fraction", "interval day", ["2 days", "1.5 days"], "1.5 days"],
    ["digits beyond cents", "money", ["1.5", "1.250", "1.255"], "1.255"],
    ["bytes beyond those of a name", "name", ["é".repeat(31), "é".repeat(32)], "é".repeat(32)],
    ["bytes beyond the only one", '"char"', ["a", "ab"], "ab"],
  ])("%s in %s", async (_, type, cells, bad) => {
    expect(await load(type, cells)).toMatchObject({ loaded: cells.length - 1, rejected: 1 })
    expect(await refused()).toEqual([{ v: bad, code: "postgres.altered", column: "v" }])
  })

  test("a time of day in a column of dates", async () => {
    expect(await load("date", ["2025-03-01", "2025-03-02 00:00:00", "2025-03-03 14:30"])).toMatchObject({ loaded: 2, rejected: 1 })
    expect(await refused()).toEqual([{ v: "2025-03-03 14:30", code: "postgres.time_of_day", column: "v" }])
  })

  test("in a merge, where the row of the table stays", async () => {
    await load("bigint", ["10115"])
    const report = await createPipeline({ name: "feed" })
      .from(bytes("id,v\n1,01067\n2,7\n"))
      .into(into({ mode: "upsert", key: ["id"] }))
      .run()
    expect([report.loaded, report.rejected, await values()]).toEqual([1, 1, ["10115", "7"]])
  })

  test("with evolve too, because numbers and texts are different families", async () => {
    expect(await load("int", ["10115", "01067"], { evolve: true })).toMatchObject({ loaded: 1, rejected: 1 })
    expect(await values()).toEqual(["10115"])
  })

  test("in the message with the value and the reason", async () => {
    await load("bigint", ["00123"])
    const { rows } = await pool.query("SELECT issues->0->>'message' AS message FROM rowgate.reject")
    expect(rows).toEqual([{ message: "00123 is a text that would lose its leading zeros in a column of numbers" }])
  })
})

describe("a column that is declared as a number takes the number that its texts stand for", () => {
  test("without the zeros in front, and within the scale", async () => {
    await pool.query("CREATE TABLE feed (id int, v numeric(8,2))")
    const pipeline = createPipeline({ name: "feed" }).from(bytes("id,v\n1,007.50\n2,+3\n3,1.5000\n4,0.125\n"))
    const report = await pipeline
      .normalize({ columns: { v: cell.decimal() } })
      .into(into())
      .run()
    expect([report.rejected, await values()]).toEqual([1, ["7.50", "3.00", "1.50"]])
    expect(await refused()).toEqual([{ v: "0.125", code: "postgres.altered", column: "v" }])
  })

  test("or, with evolve, widens the column to the digits that it declares", async () => {
    await pool.query("CREATE TABLE feed (id int, v numeric(8,2))")
    const pipeline = createPipeline({ name: "feed" }).from(bytes("id,v\n1,0.125\n"))
    await pipeline
      .normalize({ columns: { v: cell.decimal({ precision: 8, scale: 3 }) } })
      .into(into({ evolve: true }))
      .run()
    expect(await values()).toEqual(["0.125"])
  })

  test("where a double has noise behind its fifteenth digit, but no value beyond the scale", async () => {
    await pool.query("CREATE TABLE feed (id int, v numeric(8,2))")
    const rows = [0.1 + 0.2, 1.1 * 3, 2, -0.07, 1.005].map((v, id) => ({ id, v }))
    expect(await deliver(postgres({ pool, table: "feed" }), [batchOf(rows)])).toMatchObject({ loaded: 4, rejected: 1 })
    expect(await values()).toEqual(["0.30", "3.30", "2.00", "-0.07"])
    await clear()
    // A text among the numbers keeps them from the binary form.
    const mixed = [...rows, { id: 9, v: "x" }] as never
    expect(await deliver(postgres({ pool, table: "feed" }), [batchOf(mixed)], { content: "mixed" })).toMatchObject({
      loaded: 4,
      rejected: 2,
    })
  })

  test("in a real, only if it can hold the number", async () => {
    await pool.query("CREATE TABLE feed (id int, v real)")
    const rows = [0.1, 16777216, 16777217, Number.NaN, 1.25].map((v, id) => ({ id, v }))
    expect(await deliver(postgres({ pool, table: "feed" }), [batchOf(rows)])).toMatchObject({ loaded: 4, rejected: 1 })
  })

  test.each([
    ["timestamptz(3)", 0.5],
    ["timestamp(0)", 500],
    ["moment", 1],
  ])("in a column of type %s, only if it keeps the digits of a date", async (type, rest) => {
    await pool.query(`CREATE TABLE feed (id int, v ${type})`)
    const rows = [0, rest].map((more, id) => ({ id, v: toDate(Date.parse("2024-01-01T10:00:00Z") + more) }))
    expect(await deliver(postgres({ pool, table: "feed" }), [batchOf(rows)])).toMatchObject({ loaded: 1, rejected: 1 })
    expect((await values())[0]).toMatch(/^2024-01-01 10:00:00(?:[+]00)?$/)
    const mixed = [...rows, { id: 9, v: "x" }] as never
    expect(await deliver(postgres({ pool, table: "feed" }), [batchOf(mixed)], { content: "mixed" })).toMatchObject({
      loaded: 1,
      rejected: 2,
    })
  })
})
