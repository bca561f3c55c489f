import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { messyFiles } from "../../examples/data/messy-files.ts"
import { runCli } from "../../src/cli.ts"
import { TextStream } from "../cli/text-stream.ts"

type Row = Readonly<Record<string, unknown>>

interface Report {
  readonly pipeline: string
  readonly rejected: number
  readonly deliveries: readonly {
    readonly issues: Loaded["issues"]
    readonly notices: readonly { readonly code: string; readonly message: string }[]
  }[]
}

/** What became of a file. */
interface Loaded {
  /** One for each table. */
  readonly pipelines: readonly string[]
  readonly rows: readonly Row[]
  readonly rejected: number
  readonly issues: Readonly<Record<string, number>>
  /** Codes of the notices. */
  readonly codes: readonly string[]
  /** Their messages. */
  readonly told: string
}

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rowgate-messy-"))
  for (const { name, bytes } of messyFiles) await writeFile(join(folder, name), await bytes())
})
afterAll(() => rm(folder, { recursive: true }))

/** Loads a file into a file, as somebody who has said nothing about it. */
async function load(name: string, ...flags: readonly string[]): Promise<Loaded> {
  const [stdout, stderr] = [new TextStream(), new TextStream()]
  const [out, rejects] = [join(folder, `${name}.ndjson`), join(folder, `${name}.rejects.ndjson`)]
  const argv = ["ingest", name, "--no-config", "--to", out, "--rejects", rejects, "--json", ...flags]
  const exit = await runCli(argv, { stdout, stderr, env: {}, cwd: folder })
  expect([exit, stderr.text]).toEqual([0, ""])
  const given = JSON.parse(stdout.text)
  const reports: readonly Report[] = Array.isArray(given) ? given : [given]
  const deliveries = reports.flatMap((report) => report.deliveries)
  const text = await readFile(out, "utf8")
  const rows: Row[] = text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line))
  const notices = deliveries.flatMap((delivery) => delivery.notices)
  return {
    pipelines: reports.map(({ pipeline }) => pipeline),
    rows,
    rejected: reports.reduce((sum, report) => sum + report.rejected, 0),
    issues: deliveries[0]?.issues ?? {},
    codes: notices.map(({ code }) => code),
    told: notices.map(({ message }) => message).join(" "),
  }
}

const order = { "Order No.": 1001, Country: expect.any(String), Qty: expect.any(Number), Price: expect.stringMatching(/^\d+\.\d+$/) }
const isDay = expect.stringMatching(/^2025-\d\d-\d\dT00:00:00\.000Z$/)

describe("a messy file of which nobody has said anything", () => {
  test("a title above the header is left out, and counted", async () => {
    const { rows, codes, rejected } = await load("title.csv")
    expect([rows.length, rejected, codes]).toEqual([40, 0, ["csv.preamble"]])
    expect(rows[0]).toEqual({ ...order, "Ordered on": isDay })
  })

  test("a total and a note are no orders, and the dates stay dates", async () => {
    const { rows, issues, rejected } = await load("totals.csv")
    expect([rows.length + rejected, rows[0]?.["Ordered on"], issues]).toEqual([
      43,
      isDay,
      expect.objectContaining({ "table.total": 1, "table.note": 1, "table.blank": 1 }),
    ])
  })

  test("a second table is named, and none of it is among the orders", async () => {
    const { rows, codes, told } = await load("two-tables.csv")
    expect([rows.length, codes]).toEqual([30, ["table.second"]])
    expect(told).toContain("Country,Name")
    const all = await load("two-tables.csv", "--all")
    expect(all.pipelines).toEqual(["two_tables", "two_tables_2"])
    expect(all.rows.filter((row) => "Name" in row)).toHaveLength(all.rows.length - 30)
    expect(all.rows.length).toBeGreaterThan(30)
  })

  test("a European export has its letters, numbers, percentages and dates", async () => {
    const { rows, rejected } = await load("european.csv")
    expect([rows.length, rejected, Object.keys(rows[0] ?? {})]).toEqual([
      40,
      0,
      ["Kundennr", "Käufer", "PLZ", "Menge", "Preis (€)", "Rabatt", "Bestellt am"],
    ])
    expect(rows[0]).toMatchObject({ Kundennr: "01001", "Preis (€)": expect.stringMatching(/^\d+\.\d\d$/), "Bestellt am": isDay })
    expect(rows.map(({ Käufer }) => Käufer)).toContain("Anke Möller")
    for (const { PLZ, Menge, Rabatt } of rows)
      expect([String(PLZ).length >= 5, Number(Rabatt)]).toEqual([true, (Number(Menge) + 0.5) / 100])
  })

  test("days come first where some prove it, and 31 February is rejected", async () => {
    const { rows, rejected } = await load("mixed-dates.csv")
    expect([rows.length, rejected]).toEqual([59, 1])
    for (const row of rows) expect(row["Ordered on"]).toEqual(isDay)
  })

  test("words for nothing are null and counted, and NA of Namibia is none of them", async () => {
    const { rows, issues } = await load("null-words.csv")
    expect([rows.length, issues]).toEqual([60, { "cell.null": 6 }])
    expect(rows.map(({ Country }) => Country)).toContain("NA")
    expect(rows.flatMap((row) => Object.values(row)).filter((value) => value === null)).toHaveLength(6)
  })

  test("columns of the same name are both kept", async () => {
    const { rows, codes } = await load("duplicate-headers.csv")
    expect([rows.length, Object.keys(rows[0] ?? {}).length]).toEqual([30, 5])
    expect(codes).toContain("header.duplicate")
  })

  test("three hundred columns are loaded", async () => {
    const { rows } = await load("wide.csv")
    expect([rows.length, Object.values(rows[0] ?? {}).filter((value) => typeof value === "number").length]).toEqual([25, 300])
  })

  test("of three sheets, one is loaded and the others are named", async () => {
    const { rows, told } = await load("three-sheets.xlsx")
    expect(rows).toHaveLength(20)
    for (const name of ["January", "February", "March"]) expect(told).toContain(name)
    const all = await load("three-sheets.xlsx", "--all-sheets")
    expect(all.pipelines).toEqual(["three_sheets_january", "three_sheets_february", "three_sheets_march"])
    expect(all.rows.length).toBeGreaterThan(20)
  })

  test("the cover of a workbook is not its table", async () => {
    const { rows, told } = await load("cover.xlsx")
    expect(rows).toHaveLength(25)
    expect(rows[0]).toMatchObject({ "Order No.": 1001 })
    expect(told).toContain("Cover")
  })

  test("several csv files in a zip are a table each; a text file is none", async () => {
    const { rows, pipelines, told } = await load("months.zip")
    expect(pipelines).toEqual(["months_january", "months_february", "months_customers"])
    expect(rows).toHaveLength(20 + 15 + 10)
    expect(rows.filter((row) => "Country" in row)).toHaveLength(35)
    expect(rows.filter((row) => "E-Mail" in row)).toHaveLength(10)
    expect(told).toContain("README.txt")
  })

  test("the orders in an answer of an API are found, and the notice says where", async () => {
    const { rows, told } = await load("api.json")
    expect(rows).toHaveLength(25)
    expect(told).toContain('"/data"')
    expect(rows.filter(({ notes }) => typeof notes === "string").length).toBeGreaterThan(5)
  })
})
