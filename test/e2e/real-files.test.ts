import { existsSync } from "node:fs"
import { fileURLToPath } from "node:url"
import pg from "pg"
import { cell, createPipeline, file, type RunReport } from "rowgate"
import { postgres } from "rowgate/postgres"
import { inferContract } from "rowgate/profile"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { z } from "zod"
import { type PostgresDatabase, postgresDatabase } from "../postgres-database.ts"

/** Public files that this repository does not contain. All figures were counted by Python's csv module and a reader of the sheet's XML. */
const corpus = fileURLToPath(new URL("../../../shared/corpus/real/", import.meta.url))
const isThere = existsSync(corpus)
if (!isThere) console.warn(`not tested: the real files are not in ${corpus}`)

describe.runIf(isThere)("real files into PostgreSQL", () => {
  let database: PostgresDatabase
  let client: pg.Client
  beforeAll(async () => {
    database = await postgresDatabase()
    client = new pg.Client({ connectionString: database.url })
    await client.connect()
  })
  afterAll(async () => {
    await client.end()
    await database.drop()
  })

  const target = (table: string) => ({ url: database.url, table, createTable: true, migrate: true, naming: "snake_case" }) as const
  const one = async (sql: string) => (await client.query(sql)).rows[0]
  const columnTypes = async (table: string) => {
    const { rows } = await client.query("SELECT column_name, data_type FROM information_schema.columns WHERE table_name = $1", [table])
    return Object.fromEntries(rows.map(({ column_name, data_type }) => [column_name, data_type]))
  }
  const inferred = async (name: string, table: string): Promise<RunReport> => {
    const source = file(`${corpus}${name}`)
    const { columns, expected } = await inferContract(source)
    const pipeline = createPipeline({ name: table }).from(source).normalize({ columns }).score({ expected, provisional: true })
    return pipeline.into(postgres(target(table))).run()
  }

  test("country codes: NA stays Namibia, codes keep their zeros, and blank cells are null", async () => {
    const report = await inferred("country-codes.csv", "countries")
    expect(report).toMatchObject({ read: 249, loaded: 249, rejected: 0, deliveries: [{ score: { provisional: true } }] })
    expect(
      await one("SELECT official_name_en AS name, iso4217_currency_numeric_code AS currency FROM countries WHERE iso3166_1_alpha_2 = 'NA'"),
    ).toEqual({
      name: "Namibia",
      currency: "516,710",
    })
    expect(await one("SELECT iso4217_currency_numeric_code AS currency, marc FROM countries WHERE official_name_en = 'Albania'")).toEqual({
      currency: "008",
      marc: "aa",
    })
    expect(await one("SELECT count(*)::int AS zeros FROM countries WHERE iso4217_currency_numeric_code LIKE '0%'")).toEqual({ zeros: 22 })
    const nulls = (column: string) => `count(*) FILTER (WHERE ${column} IS NULL)::int AS ${column}`
    const columns = ["fifa", "marc", "wmo", "itu", "edgar", "capital", "languages", "intermediate_region_code", "iso3166_1_alpha_2"]
    expect(await one(`SELECT ${columns.map(nulls).join(", ")} FROM countries`)).toEqual({
      fifa: 10,
      marc: 4,
      wmo: 32,
      itu: 16,
      edgar: 36,
      capital: 6,
      languages: 3,
      intermediate_region_code: 144,
      iso3166_1_alpha_2: 0,
    })
  })

  const Customer = z.object({
    customerID: z.string(),
    tenure: z.number().int(),
    Churn: z.enum(["Yes", "No"]),
    MonthlyCharges: z.number(),
    TotalCharges: z.number().nullable(),
  })

  test("telco: eleven blank amounts are null rather than zero, and every other amount is exact", async () => {
    const pipeline = createPipeline({ name: "telco" })
      .from(file(`${corpus}telco-customer-churn-by-IBM.csv`))
      .validate(Customer)
    const report = await pipeline.into(postgres(target("telco"))).run()
    expect(report).toMatchObject({ read: 7043, loaded: 7043, rejected: 0 })
    const sums =
      await one(`SELECT count(*) FILTER (WHERE total_charges IS NULL)::int AS nulls, count(*) FILTER (WHERE total_charges = 0)::int AS zeros,
      sum(total_charges::numeric)::text AS total, sum(monthly_charges::numeric)::text AS monthly, sum(tenure)::int AS tenure FROM telco`)
    expect(sums).toEqual({ nulls: 11, zeros: 0, total: "16056168.70", monthly: "456116.60", tenure: 227990 })
  })

  test("telco: if an amount is required, those eleven rows are rejected with their line and this reason", async () => {
    const pipeline = createPipeline({ name: "telco-strict" })
      .from(file(`${corpus}telco-customer-churn-by-IBM.csv`))
      .validate(Customer.extend({ TotalCharges: z.number() }))
    const report = await pipeline.into(postgres(target("telco_strict"))).run()
    expect(report).toMatchObject({ read: 7043, loaded: 7032, rejected: 11, deliveries: [{ issues: { required: 11 } }] })
    const { rows } = await client.query(
      "SELECT line_number::int AS line, raw->>'customerID' AS id, issues FROM rowgate.reject WHERE run_id = $1 ORDER BY 1",
      [report.deliveries[0]?.deliveryId],
    )
    expect(rows.map(({ line }) => line)).toEqual([490, 755, 938, 1084, 1342, 3333, 3828, 4382, 5220, 6672, 6756])
    expect(rows[0]).toMatchObject({ id: "4472-LVYGI", issues: [{ column: "TotalCharges", dimension: "completeness" }] })
  })

  test("311: American timestamps, and columns that are sparse or completely empty", async () => {
    const report = await inferred("311_Animals_short.csv", "calls")
    expect(report).toMatchObject({ read: 4969, loaded: 4969, rejected: 0 })
    const types = await columnTypes("calls")
    expect(types["created_date"]).toMatch(/^timestamp/)
    expect(types["closed_date"]).toMatch(/^timestamp/)
    const seconds = (column: string) => `sum(extract(epoch FROM ${column} AT TIME ZONE 'UTC'))::text`
    const stamps =
      await one(`SELECT min(created_date AT TIME ZONE 'UTC')::text AS first, max(created_date AT TIME ZONE 'UTC')::text AS last,
      count(closed_date)::int AS closed, count(due_date)::int AS due, count(facility_type)::int AS facility, count(latitude)::int AS located,
      count(resolution_action_updated_date)::int AS resolved FROM calls`)
    expect(stamps).toEqual({
      first: expect.stringContaining("2025-01-01 07:52:00"),
      last: expect.stringContaining("2025-03-14 01:20:00"),
      closed: 4969 - 277,
      due: 0,
      facility: 4969 - 4615,
      located: 4969 - 62,
      resolved: 4969 - 185,
    })
    const sum = await one(`SELECT ${seconds("created_date")} AS created, ${seconds("closed_date")} AS closed FROM calls`)
    expect(Number(sum.created)).toBe(8_640_750_455_100)
    expect(Number(sum.closed)).toBe(8_159_009_653_740)
  })

  test("the dirty workbook: its header is in the second row, blank rows are skipped, and error cells are issues", async () => {
    const Person = z.object({
      first: z.string(),
      last: z.string(),
      subject: z.string().nullable(),
      hired: z.date().nullable(),
      allocated: z.number().nullable(),
      certification: z.string().nullable(),
    })
    const people = createPipeline({ name: "people" })
      .from(file(`${corpus}janitor/dirty_data.xlsx`))
      .normalize({
        headers: { first: "First Name", last: "Last Name", allocated: "% Allocated" },
        columns: { first: cell.text(), last: cell.text(), subject: cell.text() },
      })
      .validate(Person.omit({ hired: true, certification: true }))
    const report = await people.into(postgres(target("people"))).run()
    expect(report).toMatchObject({ read: 12, loaded: 9, rejected: 3 })
    const rejects = await client.query("SELECT address, issues FROM rowgate.reject WHERE run_id = $1 ORDER BY row_number", [
      report.deliveries[0]?.deliveryId,
    ])
    expect(rejects.rows).toMatchObject([
      { address: "A6", issues: [{ column: "subject", message: expect.stringContaining("#REF!") }] },
      { address: "A13", issues: [{ column: "allocated", message: expect.stringContaining("#N/A") }] },
      { address: "A14", issues: [{ column: "allocated", message: expect.stringContaining("#N/A") }] },
    ])
    const sums = await one("SELECT sum(allocated)::text AS allocated, string_agg(last, ' ' ORDER BY last, allocated) AS names FROM people")
    expect(sums).toEqual({ allocated: "5.8", names: "Bourne Bourne Joyce Keys Lamarr Larsen Nice Wu Wu" })
    const dates = createPipeline({ name: "hired" })
      .from(file(`${corpus}janitor/dirty_data.xlsx`))
      .normalize({ headers: { hired: "Hire Date" }, columns: { hired: cell.date() } })
    const hired = []
    for await (const row of dates.rows()) hired.push(row.hired?.toISOString().slice(0, 10))
    expect(hired).toEqual(["2019-01-14", "2001-08-15", "2017-02-25", "1999-09-20"])
  })
})
