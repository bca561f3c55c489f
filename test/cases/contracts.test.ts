import { describe, expect, test } from "vitest"
import { z } from "zod"
import { cell } from "../../src/index.ts"
import { hasCases } from "./case-file.ts"
import { delivered } from "./delivered.ts"
import { codesOf, ingested, readCase } from "./ingested.ts"

const day = (text: string) => new Date(`${text}T00:00:00Z`)

describe.runIf(hasCases)("what a contract knows", () => {
  test("names of the schema are the header of the first line", async () => {
    const mixed = await delivered("reports/04-header-missed-with-schema/mixed.csv", {
      schema: z.object({ id: z.string().nullable(), v: z.string() }),
    })
    expect(mixed.rows).toHaveLength(5)
    const streets = await delivered("reports/14-onecol-with-schema/streets.csv", { schema: z.object({ street: z.string() }) })
    expect(streets.rows.map(({ street }) => street)).toEqual(["Main St 5", "Oak St 7", "Elm St 9"])
  })

  test("microseconds have a pattern", async () => {
    const columns = { ts: cell.date(["yyyy-MM-dd HH-mm-ss.SSSSSS"]) }
    const { rows, issues } = await delivered("reports/34-micros-format/ts.csv", { columns })
    expect(issues).toEqual([])
    expect(rows.map(({ ts }) => ts)).toEqual([new Date("1999-10-02T00:33:12.123Z"), new Date("2014-10-02T00:33:13.123Z")])
  })

  test("years of two digits are refused without a format, and read with one", async () => {
    const name = "reports/36-date-two-digit-year/d.csv"
    const refused = await delivered(name, { schema: z.object({ d: z.date() }) })
    expect([refused.rows, refused.issues.map(({ code }) => code)]).toEqual([[], ["date.unreadable", "date.unreadable"]])
    for (const { suggestion } of refused.issues) expect(suggestion).toBeDefined()
    const read = await delivered(name, { columns: { d: cell.date(["dd/MM/yy"]) } })
    expect(read.rows.map(({ d }) => d)).toEqual([day("2019-12-25"), day("2068-12-31")])
  })

  test("a month by its name is read, or refused with what to declare", async () => {
    const { rows, issues } = await delivered("reports/37-date-excel-rewritten/d.csv", { schema: z.object({ d: z.date() }) })
    expect(rows).toContainEqual({ d: day("2026-08-29") })
    expect(rows.length + issues.length).toBe(3)
    for (const { suggestion } of issues) expect(suggestion).toBeDefined()
  })

  test("milliseconds since 1970 are suggested, and read as such", async () => {
    const name = "reports/38-date-epoch-ms/em467.csv"
    const refused = await delivered(name, { schema: z.object({ id: z.int(), time: z.date() }) })
    for (const { suggestion } of refused.issues) expect(suggestion).toMatch(/epoch/)
    const read = await delivered(name, { columns: { time: cell.epoch("milliseconds") } })
    expect(read.rows.map(({ time }) => time)).toEqual([new Date(1_470_148_959_542), new Date(1_470_148_959_542)])
  })

  test.each([
    ["76-amount-euro", { betrag: "Betrag (€)" }, "betrag", { locale: "de", scale: 2 }, { currency: "€" }, ["-1000.00", "-950.00", "12.50"]],
    [
      "77-amount-parentheses",
      {},
      "amount",
      { locale: "en-US", scale: 2 },
      { currency: "$", accounting: true },
      ["400.00", "-30.00", "-33.52"],
    ],
  ])("amounts of %s are suggested, and read as what they are", async (name, headers, column, plain, declared, values) => {
    const file = `reports/${name}/a.csv`
    const refused = await delivered(file, { headers, columns: { [column]: cell.decimal(plain) } })
    expect(refused.issues.length).toBeGreaterThan(1)
    for (const { suggestion } of refused.issues) expect(suggestion).toMatch(/currency|accounting/)
    const read = await delivered(file, { headers, columns: { [column]: cell.decimal({ ...plain, ...declared }) } })
    expect(read.rows.map((row) => row[column])).toEqual(values)
  })

  test("a text stands for nothing in one column, and for itself in another", async () => {
    const columns = { uid: cell.withNulls(cell.integer(), ["-1"]), temp: cell.integer() }
    const { rows } = await delivered("reports/97-null-per-column/n.csv", { columns })
    expect(rows.map(({ uid, temp }) => [uid, temp])).toEqual([
      [null, -1],
      [523, 5],
    ])
  })
})

describe.runIf(hasCases)("JSON", () => {
  test("keys that come after many records are columns for everybody", async () => {
    const half = await ingested("reports/19-json-late-key-half/late.ndjson")
    expect([half.rows.length, half.rows.filter(({ b }) => typeof b === "number").length]).toEqual([20_000, 10_000])
    const name = "reports/20-json-late-key-library/late.ndjson"
    const ways = [{}, { columns: { b: cell.integer() } }, { schema: z.object({ a: z.int(), b: z.int().nullish() }) }]
    for (const way of ways) expect((await delivered(name, way)).rows.slice(-5).map(({ b }) => typeof b)).toEqual(Array(5).fill("number"))
  })

  test("the only array of objects of a document is its table, with a notice", async () => {
    expect(await readCase("reports/26-json-envelope/ck607.json")).toHaveLength(2)
    const run = await ingested("use/11_api.json")
    expect([run.rows.length, codesOf(run)]).toEqual([2, ["json.path"]])
    expect(await readCase("use/11_api.json", "--path", "/data")).toHaveLength(2)
  })

  test("nested records meet a nested schema", async () => {
    const schema = z.object({ id: z.int(), address: z.object({ city: z.string() }), items: z.array(z.object({ q: z.number() })) })
    expect(await delivered("reports/27-json-nested-schema/n.ndjson", { schema })).toEqual({
      rows: [{ id: 1, address: { city: "Rome" }, items: [{ q: 1 }, { q: 2 }] }],
      issues: [],
    })
  })
})
