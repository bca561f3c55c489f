import { beforeEach, describe, expect, test } from "vitest"
import { z } from "zod"
import { bytes, cell, check, createPipeline } from "../../src/index.ts"
import { type PostgresOptions, postgres } from "../../src/postgres.ts"
import { ledgerDatabase } from "../ledger-database.ts"

const { pool, clear } = await ledgerDatabase({ options: "-c timezone=UTC" })
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
6,9999-12-31 23:59:59.999999
`
const exact = [
  "2024-11-05 08:15:30.000001+00",
  "2024-11-05 08:15:30.000002+00",
  "1969-12-31 23:59:59.999999+00",
  "2024-11-05 08:15:30.123456+00",
  "2024-11-05 08:15:30.5+00",
  // A double of milliseconds holds no microseconds of that year.
  "9999-12-31 23:59:59.999+00",
]
const file = createPipeline({ name: "ticks" }).from(bytes(csv))
const read = file.normalize({ columns: { id: cell.integer(), at: cell.date() } })
const Tick = z.object({ id: z.number(), at: z.date() })

describe("microseconds of a date", () => {
  test("arrive in the table in binary form", async () => {
    await pool.query("CREATE TABLE tick (id int, at timestamptz)")
    expect((await read.into(into()).run()).loaded).toBe(6)
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
    expect([report.loaded, report.rejected]).toEqual([6, 0])
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
})
