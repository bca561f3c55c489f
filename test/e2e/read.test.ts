import { spawn } from "node:child_process"
import { once } from "node:events"
import { existsSync, openSync } from "node:fs"
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { text } from "node:stream/consumers"
import { gzipSync } from "node:zlib"
import ExcelJS from "exceljs"
import { parquetWriteBuffer } from "hyparquet-writer"
import { afterAll, beforeAll, expect, test } from "vitest"
import { Rowgate } from "./command.ts"

let rowgate: Rowgate
let cwd: string
beforeAll(async () => {
  rowgate = await Rowgate.compile()
  cwd = await mkdtemp(join(tmpdir(), "rowgate-read-"))
  await mkdir(join(cwd, "folder"))
  const rows = [
    { id: 1, name: "x" },
    { id: 2, name: null },
  ]
  const files: { readonly [name: string]: string | Uint8Array } = {
    "t.csv": "id,name\n1,x\n2,\n",
    "t.tsv": "id\tname\n1\tx\n2\t\n",
    "t.json": JSON.stringify(rows),
    "api.json": '{"ok":true,"data":[{"id":1}],"more":{"rows":[{"id":2},{"id":3}]}}',
    "arrays.json": '[["Report"],["id","name"],[1,"x"],[2,null]]',
    "t.ndjson": rows.map((row) => JSON.stringify(row)).join("\n"),
    "t.ndjson.gz": gzipSync(rows.map((row) => JSON.stringify(row)).join("\n")),
    "t.parquet": new Uint8Array(
      parquetWriteBuffer({
        columnData: [
          { name: "id", data: [1, 2], type: "INT32" },
          { name: "name", data: ["x", null], type: "STRING" },
        ],
      }),
    ),
    "t.xlsx": await workbook({ One: "visible", Secret: "hidden", Two: "visible" }),
    "hidden.xlsx": await workbook({ Secret: "hidden" }),
    "long.csv": `id,name\n${'1,"some text"\n'.repeat(200_000)}`,
    "cut.json": '[{"id":1},{"id":',
  }
  for (const [name, content] of Object.entries(files)) await writeFile(join(cwd, name), content)
})
afterAll(async () => {
  await rm(cwd, { recursive: true })
})

async function workbook(sheets: { readonly [name: string]: "visible" | "hidden" }): Promise<Uint8Array> {
  const book = new ExcelJS.Workbook()
  for (const [name, state] of Object.entries(sheets)) {
    const sheet = book.addWorksheet(name, { state })
    sheet.addRows([
      ["id", "name"],
      [1, "x"],
      [2, null],
    ])
  }
  return new Uint8Array(await book.xlsx.writeBuffer())
}

const read = (...args: string[]) => rowgate.call(["read", ...args], { cwd })
const lines = (stdout: string) =>
  stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as { table: string; row: number; cells: object })

test.each(["t.json", "t.ndjson", "t.ndjson.gz", "t.parquet", "t.xlsx"])("%s is printed as lines of JSON with its types", async (file) => {
  const { code, stdout, stderr } = await read(file)
  expect([code, stderr]).toEqual([0, ""])
  expect(lines(stdout).map(({ cells }) => cells)).toEqual([
    { id: 1, name: "x" },
    { id: 2, name: null },
  ])
})

test.each(["t.csv", "t.tsv"])("%s is printed as texts", async (file) => {
  const { stdout } = await read(file)
  expect(lines(stdout)).toEqual([
    { table: file, row: 2, cells: { id: "1", name: "x" } },
    { table: file, row: 3, cells: { id: "2", name: "" } },
  ])
})

test.each(["t.csv", "t.xlsx"])("%s has its header among the rows if it is declared to have none", async (file) => {
  const { stdout } = await read(file, "--no-header")
  expect(lines(stdout)[0]).toMatchObject({ row: 1, cells: { column_1: "id", column_2: "name" } })
})

test("--header counts arrays of JSON", async () => {
  expect(lines((await read("arrays.json", "--header", "2")).stdout)).toEqual([
    { table: "arrays.json", row: 3, cells: { id: 1, name: "x" } },
    { table: "arrays.json", row: 4, cells: { id: 2, name: null } },
  ])
  expect(await read("arrays.json", "--header", "9")).toMatchObject({ code: 1, stderr: expect.stringMatching(/^HEADER_NOT_FOUND/) })
})

test.each([
  [[], ["One"]],
  [["--all"], ["One", "Secret", "Two"]],
  [["--sheet", "Two"], ["Two"]],
  [["--sheet", "2"], ["Secret"]],
])("the sheets of a workbook with %j", async (args, tables) => {
  const { code, stdout } = await read("t.xlsx", ...args)
  expect(code).toBe(0)
  expect([...new Set(lines(stdout).map(({ table }) => table))]).toEqual(tables)
})

test("--path reads an array within a JSON document", async () => {
  const { code, stdout } = await read("api.json", "--path", "/more/rows")
  expect([code, lines(stdout).map(({ table, cells }) => [table, cells])]).toEqual([
    0,
    [
      ["rows", { id: 2 }],
      ["rows", { id: 3 }],
    ],
  ])
})

test.each([
  [["nothing.csv"], 1, "SOURCE_NOT_FOUND"],
  [["folder"], 2, "CONFIG_INVALID: The folder"],
  [["cut.json"], 1, "FILE_TRUNCATED"],
  [["t.xlsx", "--sheet", "Three"], 1, "TABLE_NOT_FOUND"],
  [["t.csv", "--sheet", "One"], 1, "TABLE_NOT_FOUND: --sheet needs a workbook, but the file has only t.csv."],
  [["t.csv", "--path", "/data"], 1, "TABLE_NOT_FOUND: --path needs a JSON document, but the file has only t.csv."],
  [["api.json"], 1, "TABLE_NOT_FOUND: The document holds several arrays that may be the rows"],
  [["api.json", "--path", "data"], 2, "CONFIG_INVALID"],
  [["api.json", "--path", "/data", "--sheet", "One"], 2, "CONFIG_INVALID"],
  [["hidden.xlsx"], 1, "TABLE_NOT_FOUND: All sheets are hidden: Secret."],
  [["t.csv", "--header", "0"], 2, "CONFIG_INVALID"],
  [["t.xlsx", "--all", "--sheet", "One"], 2, "CONFIG_INVALID"],
  [["t.csv", "t.json"], 2, "CONFIG_INVALID"],
  [[], 2, "CONFIG_INVALID"],
])("read %j ends with %i and says %s", async (args, exit, error) => {
  const { code, stdout, stderr } = await read(...args)
  expect([code, stdout]).toEqual([exit, ""])
  expect(stderr.startsWith(error)).toBe(true)
})

test("a reader that stops early ends the reading, which is not a failure", async () => {
  const child = spawn(process.execPath, [rowgate.face("bin"), "read", "long.csv"], { cwd, stdio: ["ignore", "pipe", "pipe"] })
  const ended = once(child, "exit")
  const stderr = text(child.stderr)
  child.stdout.once("data", () => child.stdout.destroy())
  expect([(await ended)[0], await stderr]).toEqual([0, ""])
})

test("a reader that stops early does not keep files from being loaded", async () => {
  const args = ["ingest", "t.json", "t.parquet", "--to", "kept.ndjson"]
  const child = spawn(process.execPath, [rowgate.face("bin"), ...args], { cwd, stdio: ["ignore", "pipe", "pipe"] })
  const ended = once(child, "exit")
  const stderr = text(child.stderr)
  child.stdout.destroy()
  expect([(await ended)[0], await stderr]).toEqual([0, ""])
  expect((await readFile(join(cwd, "kept.ndjson"), "utf8")).trimEnd().split("\n")).toHaveLength(4)
})

test.runIf(existsSync("/dev/full"))("an output that cannot be written is reported like any error", async () => {
  const full = openSync("/dev/full", "w")
  const child = spawn(process.execPath, [rowgate.face("bin"), "read", "t.csv"], { cwd, stdio: ["ignore", full, "pipe"] })
  const ended = once(child, "exit")
  const stderr = child.stderr === null ? "" : await text(child.stderr)
  expect([(await ended)[0], stderr.split("\n")[0]]).toEqual([
    1,
    expect.stringMatching(/^SINK_REFUSED: The output cannot be written: ENOSPC/),
  ])
})
