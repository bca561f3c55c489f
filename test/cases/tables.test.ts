import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { z } from "zod"
import { cell, check, createPipeline, file, memory, type RunReport } from "../../src/index.ts"
import { ledgerDatabase } from "../ledger-database.ts"
import { caseFile, hasCases } from "./case-file.ts"
import { command } from "./ingested.ts"

const outcomeOf = async (run: Promise<RunReport>) => {
  const { deliveries, loaded } = await run
  return { outcome: deliveries[0]?.outcome, loaded }
}

describe.runIf(hasCases)("tables of PostgreSQL", async () => {
  const { url, pool } = await ledgerDatabase()
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "rowgate-case-"))
  })
  afterAll(() => rm(folder, { recursive: true }))

  /** Loads files into a table, with no configuration. */
  const load = (table: string, names: readonly string[], ...flags: readonly string[]) =>
    command(["ingest", ...names.map(caseFile), "--no-config", "--to", url, "--table", table, ...flags], folder)
  const rowsOf = async (table: string, columns = "*") => (await pool.query(`SELECT ${columns} FROM "${table}" ORDER BY 1`)).rows
  const typesOf = async (table: string) => {
    const { rows } = await pool.query<{ name: string; type: string }>(
      `SELECT attname AS name, format_type(atttypid, atttypmod) AS type FROM pg_attribute
       WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
      [`"${table}"`],
    )
    return rows.map(({ name, type }) => [name, type])
  }
  const exists = async (table: string) => (await pool.query("SELECT to_regclass($1) AS found", [`"${table}"`])).rows[0].found !== null

  test("microseconds survive", async () => {
    await pool.query("CREATE TABLE us (id int, ts timestamptz)")
    await load("us", ["reports/32-micros-csv/ts.csv"])
    expect((await rowsOf("us", "to_char(ts AT TIME ZONE 'UTC', 'US') AS micros")).map(({ micros }) => micros)).toEqual(["242111", "242999"])
  })

  test("decimals of a parquet file are numeric", async () => {
    await load("pdec", ["reports/31-parquet-decimal-type/dec.parquet"], "--create-table")
    const types = Object.fromEntries(await typesOf("pdec"))
    expect([types["amt"], types["big"]]).toEqual([expect.stringMatching(/^numeric/), expect.stringMatching(/^numeric/)])
    expect((await rowsOf("pdec"))[0]).toMatchObject({ big: "12345678901234567890.12" })
  })

  test.each([
    ["reports/69-names-collide/dlt423.csv", "dlt423", 4],
    ["use/61_same_snake.csv", "same", 3],
    ["use/62_pct.csv", "pct", 3],
  ])("all columns of %s are loaded under names of their own", async (name, table, columns) => {
    const { exit, stdout } = await load(table, [name], "--create-table")
    expect(exit).toBe(0)
    const names = (await typesOf(table)).map(([column]) => column)
    expect(names.slice(0, columns)).toHaveLength(columns)
    expect(await rowsOf(table)).toHaveLength(2)
    if (table !== "pct") expect(stdout).toMatch(/_2\b/)
  })

  test("a created table has its columns in the order of the file", async () => {
    await load("fr825", ["reports/71-names-years-order/fr825.csv"], "--create-table")
    expect((await typesOf("fr825")).map(([name]) => name).slice(0, 3)).toEqual(["musei", "2011", "2010"])
  })

  test('"" is text where the column takes no null, or the reject names it', async () => {
    await pool.query("CREATE TABLE pos406 (id int PRIMARY KEY, blankable_field text NOT NULL, nullable_field text)")
    await load("pos406", ["reports/94-empty-text-not-null/pos406.csv"], "--blanks", "text")
    expect(await rowsOf("pos406")).toEqual([
      { id: 23, blankable_field: "", nullable_field: null },
      { id: 24, blankable_field: "x", nullable_field: null },
    ])
    await pool.query("CREATE TABLE nuo19 (id int, source text NOT NULL DEFAULT '', that text)")
    const { stdout } = await load("nuo19", ["reports/96-empty-default/nuo19.csv"])
    expect((await rowsOf("nuo19")).length + Number(stdout.includes('"source"'))).toBe(2)
  })

  test.each(["use/bad_then_good.csv", "use/19_header_only.csv"])("%s leaves no table if nothing was loaded", async (name) => {
    const table = name.slice(4, -4)
    const config = ["--schema", caseFile("use/wrong.schema.mjs")]
    await load(table, [name], "--create-table", ...(name.includes("bad") ? config : []))
    expect(await exists(table)).toBe(false)
  })

  test("a load that failed does not stand in the way of the next", async () => {
    await load("next", ["use/bad_then_good.csv"], "--create-table", "--schema", caseFile("use/wrong.schema.mjs"))
    const good = await load("next", ["use/bad_then_good.csv"], "--create-table")
    expect([good.exit, (await rowsOf("next")).length]).toEqual([0, 1])
  })

  test("codes with leading zeros are never loaded as numbers", async () => {
    await load("zips", ["use/seq/jan.csv"], "--create-table")
    const { stdout } = await load("zips", ["use/seq/apr.csv"])
    const zips = (await rowsOf("zips", "zip::text AS zip")).map(({ zip }) => zip)
    expect(zips).not.toContain("1067")
    expect(zips.includes("01067") || /reject/.test(stdout)).toBe(true)
  })

  test("what was loaded before a file failed is printed, and the file can be brought back", async () => {
    const { exit, stdout, stderr } = await load("months", ["use/seq/jan.csv", "use/seq/feb.csv", "use/seq/mar.csv"], "--create-table")
    expect(exit).not.toBe(0)
    expect(stdout).toContain("jan.csv: loaded")
    expect(stdout + stderr).toContain("mar.csv")
  })

  test("a sheet after another sheet of its file is a delivery of its own", async () => {
    await load("sheets", ["use/54_sheets.xlsx"], "--create-table")
    const before = (await rowsOf("sheets")).length
    await load("sheets", ["use/54_sheets.xlsx"], "--sheet", "Feb")
    expect((await rowsOf("sheets")).length).toBeGreaterThan(before)
  })

  test("each file of a zip is a table of its own, and a text about them is none", async () => {
    const { exit, stdout } = await command(["ingest", caseFile("use/15_several.zip"), "--no-config", "--to", url, "--create-table"], folder)
    expect([exit, stdout]).toEqual([0, expect.stringContaining("README.txt")])
    expect(await rowsOf("15_several_a")).toMatchObject([{ name: "Ann" }])
    expect(await rowsOf("15_several_b")).toMatchObject([{ name: "Bob" }])
    expect((await typesOf("15_several_c")).map(([name]) => name).slice(0, 2)).toEqual(["sku", "price"])
  })

  test("with --all-sheets, each sheet is a table of its own", async () => {
    const file = caseFile("use/54_sheets.xlsx")
    await command(["ingest", file, "--no-config", "--to", url, "--create-table", "--all-sheets"], folder)
    expect([(await rowsOf("54_sheets_jan")).length > 0, (await rowsOf("54_sheets_feb")).length > 0]).toEqual([true, true])
  })

  test("a delivery of which no row is right is refused", async () => {
    const schema = z.object({ orderId: z.number().int().positive(), email: z.email(), amount: z.string(), orderedOn: z.date() })
    const { outcome, loaded } = await outcomeOf(
      createPipeline({ name: "garbage" })
        .from(file(caseFile("use/j_all_garbage.csv")))
        .normalize({ columns: { amount: cell.decimal({ precision: 12, scale: 2 }) } })
        .validate(schema)
        .check(check.unique("orderId"))
        .score({ minimum: { overall: 80 } })
        .into(memory())
        .run(),
    )
    expect([outcome, loaded]).toEqual(["refused", 0])
  })

  test("a schema of a default export is loaded from TypeScript, and the nearest header is named", async () => {
    const { stdout, stderr } = await load("near", ["use/near.csv"], "--schema", caseFile("use/schema_default.ts"), "--create-table")
    expect(stdout + stderr).not.toMatch(/exports no schema/)
    expect(stdout + stderr).toContain('"Order Number"')
  })
})
