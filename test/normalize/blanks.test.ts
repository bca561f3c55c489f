import { expect, test } from "vitest"
import { z } from "zod"
import { cell, createPipeline, csv as csvParser } from "../../src/index.ts"
import { postgres } from "../../src/postgres.ts"
import { bytes } from "../../src/sources/bytes.ts"
import { ledgerDatabase } from "../ledger-database.ts"

const csv = 'id,note,mark\n1,"",\n2,,""\n3," ",x\n4,"a ""b""",\n"5","",""\n'
const lines = [
  { id: 1, note: "", mark: null },
  { id: 2, mark: "" },
  { id: 3, note: " ", mark: "x" },
  { id: 4, note: 'a "b"' },
  { id: 5, note: "", mark: "" },
]
const ndjson = lines.map((line) => JSON.stringify(line)).join("\n")
const told = [
  ["", null],
  [null, ""],
  [" ", "x"],
  ['a "b"', null],
  ["", ""],
]

const pipelineOf = (text: string) => createPipeline({ name: "notes", batchRows: 2 }).from(bytes(text))
async function cellsOf(rows: AsyncIterable<{ readonly [name: string]: unknown }>): Promise<unknown[]> {
  const cells: unknown[] = []
  for await (const row of rows) cells.push([row["note"], row["mark"]])
  return cells
}

test.each([
  ["csv", csv],
  ["ndjson", ndjson],
])("with blanks: text, %s tells an empty text from no value", async (_format, text) => {
  expect(await cellsOf(pipelineOf(text).normalize({ blanks: "text" }).rows())).toEqual(told)
  const blank = (cells: unknown[]) => cells.map((each) => (typeof each === "string" && each.trim() === "" ? null : each))
  expect(await cellsOf(pipelineOf(text).rows())).toEqual(told.map(blank))
  expect(await cellsOf(pipelineOf(text).normalize({ blanks: "null" }).rows())).toEqual(told.map(blank))
})

test("a column may differ from the others", async () => {
  const one = pipelineOf(csv).normalize({ columns: { note: cell.text({ blanks: "text" }), mark: cell.text() } })
  expect(await cellsOf(one.rows())).toEqual([
    ["", null],
    [null, null],
    ["", "x"],
    ['a "b"', null],
    ["", null],
  ])
  const others = pipelineOf(csv).normalize({ blanks: "text", columns: { note: cell.text({ blanks: "null" }) } })
  expect(await cellsOf(others.rows())).toEqual([
    [null, null],
    [null, ""],
    [null, "x"],
    ['a "b"', null],
    [null, ""],
  ])
})

test("blank cells of columns that are not text are still null", async () => {
  const text = 'a,b,c\n"","",""\n1," ",""\n'
  const Row = z.object({ a: z.number().nullable(), b: z.date().nullable(), c: z.string() })
  const rows: unknown[] = []
  for await (const row of pipelineOf(text)
    .normalize({ blanks: "text", columns: { a: cell.integer() } })
    .validate(Row)
    .rows())
    rows.push(row)
  expect(rows).toEqual([
    { a: null, b: null, c: "" },
    { a: 1, b: null, c: "" },
  ])
})

test("null texts of a column leave its blank cells alone", async () => {
  const text = 'note,mark\n"",-\n-,""\n'
  const pipeline = pipelineOf(text).normalize({ blanks: "text", nulls: ["-"], columns: { note: cell.withNulls(cell.text(), ["n/a"]) } })
  expect(await cellsOf(pipeline.rows())).toEqual([
    ["", null],
    [null, ""],
  ])
})

test("a record with too few fields has no value where it has none", async () => {
  const text = 'id,note,mark\n1,"",x\n2,\n3\n4,y,""\n'
  const rows = pipelineOf(text)
    .parse(csvParser({ ragged: "keep" }))
    .normalize({ blanks: "text" })
    .rows()
  expect(await cellsOf(rows)).toEqual([
    ["", "x"],
    [null, null],
    [null, null],
    ["y", ""],
  ])
})

test("an empty text fills a column that takes no null", async () => {
  const { pool } = await ledgerDatabase()
  await pool.query("create table notes (id int, note text not null, mark text)")
  const rows = pipelineOf('id,note,mark\n1,"",\n2,,x\n').normalize({
    blanks: "text",
    columns: { id: cell.integer(), note: cell.text(), mark: cell.text() },
  })
  const report = await rows.into(postgres({ pool, table: "notes" })).run()
  expect([report.loaded, report.rejected, report.deliveries[0]?.issues]).toEqual([1, 1, { "postgres.23502": 1 }])
  expect((await pool.query("select * from notes")).rows).toEqual([{ id: 1, note: "", mark: null }])
})

test("cells are cleaned before blank cells and null texts are looked for", async () => {
  const text = "note,mark\n\u200b,N/A\u200b\n\u00a0\u200bx,-\u00a0\u200b\n"
  const pipeline = pipelineOf(text).normalize({
    nulls: ["N/A"],
    columns: { note: cell.text({ clean: true }), mark: cell.withNulls(cell.text({ clean: true }), ["-"]) },
  })
  expect(await cellsOf(pipeline.rows())).toEqual([
    [null, null],
    ["x", null],
  ])
  const kept = pipelineOf(text).normalize({ columns: { note: cell.text({ clean: true, blanks: "text" }) } })
  expect(await cellsOf(kept.rows())).toEqual([
    ["", "N/A\u200b"],
    ["x", "-\u00a0\u200b"],
  ])
})
