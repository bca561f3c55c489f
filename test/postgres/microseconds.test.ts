import { mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeEach, describe, expect, test } from "vitest"
import { z } from "zod"
import { bytes, cell, check, createPipeline, csvFile, file as fileSource, memory, ndjsonFile } from "../../src/index.ts"
import { type PostgresOptions, postgres } from "../../src/postgres.ts"
import { inferContract } from "../../src/profile.ts"
import { ledgerDatabase } from "../ledger-database.ts"

const { pool, clear } = await ledgerDatabase({ options: "-c timezone=UTC" })
const folder = await mkdtemp(join(tmpdir(), "rowgate-ticks-"))
afterAll(() => rm(folder, { recursive: true }))
beforeEach(async () => {
  await pool.query("DROP TABLE IF EXISTS tick")
  await clear()
})

const into = (options: object = {}) => postgres({ pool, table: "tick", ...options } as PostgresOptions<object>) as never
const times = async () => (await pool.query({ text: "SELECT at::text FROM tick ORDER BY id", rowMode: "array" })).rows.flat()
const csv = `id,at
1,2024-11-05 08:15:30.000001
2,2024-11-05 08:15:30.000002
3,1969-12-31 23:59:59.999999
4,2024-11-05T10:15:30.123456+02:00
5,2024-11-05 08:15:30.5
`
const exact = [
  "2024-11-05 08:15:30.000001+00",
  "2024-11-05 08:15:30.000002+00",
  "1969-12-31 23:59:59.999999+00",
  "2024-11-05 08:15:30.123456+00",
  "2024-11-05 08:15:30.5+00",
]
const file = createPipeline({ name: "ticks" }).from(bytes(csv))
const read = file.normalize({ columns: { id: cell.integer(), at: cell.date() } })
const Tick = z.object({ id: z.number(), at: z.date() })

describe("microseconds of a date", () => {
  test("arrive in the table in binary form", async () => {
    await pool.query("CREATE TABLE tick (id int, at timestamptz)")
    expect((await read.into(into()).run()).loaded).toBe(5)
    expect(await times()).toEqual(exact)
  })

  test("arrive in the table in text form", async () => {
    // The type inet has no binary form here.
    await pool.query("CREATE TABLE tick (id int, at timestamptz, host inet)")
    const withHost = createPipeline({ name: "ticks" }).from(bytes(csv.replace("at\n", "at,host\n").replace(/(\d)\n/g, "$1,::1\n")))
    await withHost
      .normalize({ columns: { id: cell.integer(), at: cell.date() } })
      .into(into())
      .run()
    expect(await times()).toEqual(exact)
  })

  test.each([
    ["column by column", Tick],
    ["as whole rows", Tick.refine(({ id }) => id > 0)],
    ["with a transform of another column", Tick.extend({ id: z.number().transform((id) => id * 10) })],
  ])("survive a schema that checks %s", async (_, schema) => {
    await pool.query("CREATE TABLE tick (id int, at timestamptz)")
    await read.validate(schema).into(into()).run()
    expect(await times()).toEqual(exact)
  })

  test("tell keys apart", async () => {
    await pool.query("CREATE TABLE tick (id int, at timestamptz PRIMARY KEY)")
    const report = await read
      .check(check.unique("at"))
      .into(into({ mode: "upsert", key: ["at"] }))
      .run()
    expect([report.loaded, report.rejected]).toEqual([5, 0])
  })

  test("are read by a pattern, also in a time zone", async () => {
    await pool.query("CREATE TABLE tick (id int, at timestamptz)")
    const at = cell.date(["dd.MM.yyyy HH-mm-ss.SSSSSS"], { zone: "Europe/Berlin" })
    await createPipeline({ name: "ticks" })
      .from(bytes("id;at\n1;05.11.2024 09-15-30.000001\n2;05.11.2024 09-15-30.123456\n3;05.11.2024 09-15-30.123\n"))
      .normalize({ columns: { id: cell.integer(), at } })
      .into(into())
      .run()
    expect(await times()).toEqual(["2024-11-05 08:15:30.000001+00", "2024-11-05 08:15:30.123456+00"])
  })

  test("make timestamps of a column that nobody has declared, in a new table", async () => {
    const { columns } = await inferContract(bytes(csv))
    await file
      .normalize({ columns })
      .into(into({ createTable: true }))
      .run()
    expect(await times()).toEqual(exact)
    expect(
      (await pool.query("SELECT data_type FROM information_schema.columns WHERE table_name = 'tick' AND column_name = 'at'")).rows,
    ).toEqual([{ data_type: "timestamp with time zone" }])
  })

  test.each([
    ["ndjson", ndjsonFile],
    ["csv", csvFile],
  ])("are written to files of %s and read from them again", async (name, sink) => {
    const path = join(folder, `ticks.${name}`)
    await read.into(sink(path) as never).run()
    expect(await readFile(path, "utf8")).toContain("2024-11-05T08:15:30.000001Z")
    await createPipeline({ name: "again" })
      .from(fileSource(path))
      .normalize({ columns: { id: cell.integer(), at: cell.date() } })
      .into(into({ createTable: true }))
      .run()
    expect(await times()).toEqual(exact)
  })

  test("are part of a date that is stored as JSON or as text", async () => {
    await pool.query("CREATE TABLE tick (id int, at jsonb)")
    await read.into(into()).run()
    expect((await times())[0]).toBe('"2024-11-05T08:15:30.000001Z"')
  })

  test.each([
    ["nanoseconds", "2024-11-05 08:15:30.123456789"],
    ["microseconds of a year that is far away", "9999-12-31 23:59:59.999999"],
    ["microseconds of a year that is long ago", "1600-01-01T00:00:00.000001Z"],
    ["nanoseconds after a month's name", "5 Nov 2024 08:15:30.123456789"],
  ])("reject the row if a date cannot hold them: %s", async (_, text) => {
    const report = await createPipeline({ name: "fine" })
      .from(bytes(`id,at\n1,${text}\n2,2024-11-05 08:15:30.123456000\n`))
      .normalize({ columns: { at: cell.date() } })
      .into(memory() as never)
      .run()
    expect(report).toMatchObject({ loaded: 1, rejected: 1, deliveries: [{ issues: { "date.too_fine": 1 } }] })
  })
})
