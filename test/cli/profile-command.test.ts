import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
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
  const [stdout, stderr] = [new TextStream(), new TextStream()]
  const code = await runCli(["profile", ...argv], { stdout, stderr, env: {}, cwd })
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

test("no line is wider than a screen of 100 characters, whatever the names and values are", async () => {
  const names = Array.from({ length: 5 }, (_, at) => `${"a long name with many words ".repeat(4)}${at}`)
  const cell = "a long text\u001b[31m with \u202e marks ".repeat(20)
  await writeFile(join(cwd, "wide.csv"), `${names.join(",")}\n${[1, 2, 3].map(() => names.map(() => cell).join(",")).join("\n")}\n`)
  const { out } = await profile("wide.csv")
  const lines = out.trimEnd().split("\n")
  expect(lines).toHaveLength(15)
  expect(Math.max(...lines.map((each) => each.length))).toBe(100)
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
  expect(await profile()).toMatchObject({ code: 2, err: expect.stringContaining("profile takes one file.") })
  expect(await profile("stock.csv", "--rows", "0")).toMatchObject({ code: 2, err: expect.stringContaining("whole number") })
})
