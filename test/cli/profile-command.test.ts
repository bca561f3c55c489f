import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Readable } from "node:stream"
import ExcelJS from "exceljs"
import { afterAll, beforeAll, expect, test } from "vitest"
import { runCli } from "../../src/cli.ts"
import { sheetRows } from "../parsers/xlsx/sheet-rows.ts"
import { workbookBytes } from "../parsers/xlsx/workbook-bytes.ts"
import { TextStream } from "./text-stream.ts"

let cwd: string
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "rowgate-profile-"))
  await writeFile(join(cwd, "stock.csv"), `sku,pieces,colour\n${Array.from({ length: 40 }, (_, at) => line(at)).join("\n")}\n`)
})
afterAll(() => rm(cwd, { recursive: true }))

function line(at: number): string {
  return `A-${100 + at},${at === 7 ? "" : at % 9},${at === 3 ? "Red " : at % 2 === 0 ? "red" : "blue"}`
}

async function profile(...argv: string[]) {
  return await profileInput(undefined, ...argv)
}

async function profileInput(input: string | undefined, ...argv: string[]) {
  const [stdout, stderr] = [new TextStream(), new TextStream()]
  const stdin = input === undefined ? undefined : Readable.from([Buffer.from(input)])
  const code = await runCli(["profile", ...argv], { stdout, stderr, env: {}, cwd, stdin })
  return { code, out: stdout.text, err: stderr.text }
}

test("profile prints a line for each column and the cells that may be wrong", async () => {
  const { code, out, err } = await profile("stock.csv")
  expect({ code, err }).toEqual({ code: 0, err: "" })
  expect(out.split("\n")).toEqual([
    "stock.csv: 40 rows, 3 columns",
    "",
    "COLUMN  KIND      FILL  DISTINCT  MIN    MEDIAN  MAX    TOP VALUES",
    "sku     text      100%        40  A-100          A-139",
    "pieces  integer  97.5%         9  0      3       8      0 12.8%, 1 12.8%, 2 12.8%, 3 12.8%, 4 10.3%…",
    "colour  text      100%         3  Red            red    red 50%, blue 47.5%, Red  2.5%",
    "",
    "May be wrong:",
    '  colour: 1 cell has a rare pattern. "Red "',
    '  colour: 1 cell begins or ends with white space. "Red "',
    '  colour: 1 cell differs from a more frequent value only in case or white space. "Red"',
    "",
  ])
})

test("profile names the columns of a sheet whose formats show several currencies", async () => {
  const cell = (row: number) => ({ value: row, style: row === 2 || row === 5 ? 2 : 1 })
  const rows = Array.from({ length: 9 }, (_, at) => [`item ${at}`, cell(at)])
  const sheet = sheetRows([["item", "a price with a long name"], ...rows])
  await writeFile(join(cwd, "prices.xlsx"), workbookBytes({ formats: ['#,##0 "€"', "[$$-409]#,##0"], rows: sheet }))
  expect((await profile("prices.xlsx")).out.split("\n").slice(-4)).toEqual([
    "May be wrong:",
    '  The amounts of "a price with a long name" are in several currencies: EUR (7 cells from B2 on), USD',
    "    (2 cells from B4 on).",
    "",
  ])
})

test("lines are short, whatever the names and values are: sentences fit a screen of 100 characters, and values are cut after 24", async () => {
  const names = Array.from({ length: 5 }, (_, at) => `${"a long name with many words ".repeat(4)}${at}`)
  const cell = "a long text\u001b[31m with \u202e marks ".repeat(20)
  await writeFile(join(cwd, "wide.csv"), `${names.join(",")}\n${[1, 2, 3].map(() => names.map(() => cell).join(",")).join("\n")}\n`)
  const { out } = await profile("wide.csv")
  const lines = out.trimEnd().split("\n")
  expect(Math.max(...lines.slice(0, lines.indexOf("May be wrong:")).map((each) => each.length))).toBe(111)
  expect(Math.max(...lines.slice(lines.indexOf("May be wrong:")).map((each) => each.length))).toBeLessThanOrEqual(100)
})

test("--json prints the whole profile, --columns and --rows choose columns and rows", async () => {
  const { out } = await profile("stock.csv", "--json", "--columns", "pieces", "--rows", "5")
  expect(JSON.parse(out)).toMatchObject({
    table: "stock.csv",
    rows: 5,
    columns: [{ name: "pieces", kind: "integer", filled: 5, min: 0, max: 4, quantiles: { p50: 2 } }],
  })
})

test("a column that no table has, and a missing operand, are errors of the command line", async () => {
  expect(await profile("stock.csv", "--columns", "Pieces")).toMatchObject({
    code: 2,
    err: expect.stringContaining('No table has the column "Pieces".'),
  })
  expect(await profile()).toMatchObject({ code: 2, err: expect.stringContaining("profile takes one file or more.") })
  expect(await profile("stock.csv", "--rows", "0")).toMatchObject({ code: 2, err: expect.stringContaining("whole number") })
})

test("whole instants are shown, and sentences go on in the next line", async () => {
  const at = (row: number) => `2024-03-${10 + row}T08:15:30${row % 2 === 0 ? "Z" : ""}`
  await writeFile(join(cwd, "times.csv"), `at\n${Array.from({ length: 9 }, (_, row) => at(row)).join("\n")}\n`)
  const { out } = await profile("times.csv")
  expect(out.split("\n")[3]).toMatch(/2024-03-10T08:15:30Z {2}2024-03-14 +2024-03-18T08:15:30Z$/)
  expect(out).toContain("\n  at: Only some times have an offset from UTC; the others are read as UTC. ")
  expect(out.replace(/\n {4}/g, " ")).toMatch(/read as UTC\. "2024-03-1\dT08:15:30", "2024-03-1\dT08:15:30Z"/)
})

test("folders, patterns and standard input are profiled file by file", async () => {
  await mkdir(join(cwd, "north"))
  for (const name of ["may.csv", "june.csv"]) await writeFile(join(cwd, "north", name), `n,${name.slice(0, 1)}\n1,2\n`)
  const tablesOf = ({ out }: { readonly out: string }) => out.split("\n").filter((each) => each.includes(" row, "))
  expect(tablesOf(await profile("north"))).toEqual(["june.csv: 1 row, 2 columns", "may.csv: 1 row, 2 columns"])
  expect(tablesOf(await profile("north/m*.csv", "north/june.csv"))).toEqual(["may.csv: 1 row, 2 columns", "june.csv: 1 row, 2 columns"])
  expect(tablesOf(await profile("north", "--columns", "m"))).toEqual(["june.csv: 1 row, 0 columns", "may.csv: 1 row, 1 column"])
  expect(tablesOf(await profileInput("id\n7\n", "-"))).toEqual([expect.stringMatching(/: 1 row, 1 column$/)])
  expect(await profile("south/*.csv")).toMatchObject({ code: 2, err: expect.stringContaining("No file matches south/*.csv.") })
})

test("numbers that a sheet shows with zeros are codes", async () => {
  const book = new ExcelJS.Workbook()
  const sheet = book.addWorksheet("Depots")
  sheet.addRows([
    ["depot", "count"],
    [501, 7],
    [10115, 8],
    [99, 9],
  ])
  sheet.getColumn(1).numFmt = "00000"
  await writeFile(join(cwd, "depots.xlsx"), Buffer.from(await book.xlsx.writeBuffer()))
  const { out } = await profile("depots.xlsx", "--json")
  expect(JSON.parse(out)).toMatchObject({
    columns: [
      { name: "depot", kind: "text", min: "00099", top: expect.arrayContaining([{ value: "00501", count: 1 }]) },
      { name: "count", kind: "integer", max: 9 },
    ],
  })
})

test("--suspects prints the cells that are probably wrong, and --json a line for each", async () => {
  const town = (at: number) => (at === 17 ? "Oxlando" : ["Orlando", "Tampa", "Miami"][at % 3])
  const lines = Array.from({ length: 60 }, (_, at) => `${at},${town(at)},${at === 30 ? "n/a" : 10 + (at % 7)}`)
  await writeFile(join(cwd, "towns.csv"), `id,town,trees\n${lines.join("\n")}\n`)
  const { code, out, err } = await profile("towns.csv", "--suspects")
  expect({ code, err }).toEqual({ code: 0, err: "" })
  expect(out.split("\n")).toEqual([
    "towns.csv",
    '  row 19, town: "Oxlando", perhaps "Orlando" (90%). It is nearly "Orlando", which occurs 20 times.',
    '  row 32, trees: "n/a" (98%). "n/a" may stand for no value.',
    "",
    "2 cells are suspect.",
    "",
  ])
  const json = await profile("towns.csv", "--suspects", "--json", "--columns", "trees")
  expect(
    json.out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line)),
  ).toMatchObject([{ row: 32, column: "trees", value: "n/a", suspicion: 0.98 }])
  expect((await profile("stock.csv", "--suspects", "--columns", "sku")).out).toBe("No cell is suspect.\n")
  expect(await profile("towns.csv", "--suspects", "--rows", "5")).toMatchObject({ code: 2, err: expect.stringContaining("--rows") })
})
