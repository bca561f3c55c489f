import { expect, test } from "vitest"
import { RowgateError } from "../../../src/errors/rowgate-error.ts"
import type { Column } from "../../../src/model/column.ts"
import { columnLetters } from "../../../src/parsers/xlsx/a1.ts"
import { xlsx } from "../../../src/parsers/xlsx/xlsx.ts"
import { chunkedFile } from "../chunked-file.ts"
import { readTable } from "../read-table.ts"
import { type WorkbookSketch, workbookBytes } from "./workbook-bytes.ts"

const read = (sketch: WorkbookSketch, options = {}) => readTable(xlsx(options), chunkedFile(workbookBytes(sketch), undefined, "book.xlsx"))

const width = 2000
const names = `<row>${Array.from({ length: width }, (_, at) => `<c t="str"><v>c${at}</v></c>`).join("")}</row>`
const full = (value: number) => `<row>${`<c><v>${value}</v></c>`.repeat(width)}</row>`
const cell = (row: number, column: number, value: number) =>
  `<row r="${row}"><c r="${columnLetters(column)}${row}"><v>${value}</v></c></row>`

test("rows of one cell in thousands of columns come in few batches, which share one column for all the others", async () => {
  const { rows, batches } = await read({ rows: names + "<row><c><v>7</v></c></row>".repeat(9000) })
  expect(rows).toHaveLength(9000)
  for (const row of [rows[0], rows[8999]]) expect([row?.[0], row?.filter((value) => value !== null).length]).toEqual([7, 1])
  expect(batches.length).toBeLessThan(5)
  const columns: readonly Column<unknown>[] = Object.values(batches[0]?.columns ?? {})
  expect(new Set(columns).size).toBe(2)
})

test("a full row after thousands of short ones begins a batch, and so do rows that each fill a different column", async () => {
  const { rows, batches } = await read({ rows: `${names}${"<row><c><v>7</v></c></row>".repeat(1000)}${full(8)}${full(9)}` })
  expect(rows.map((row) => row.filter((value) => value !== null).length)).toEqual([...Array(1000).fill(1), width, width])
  expect(batches.map(({ length }) => length)).toEqual([1000, 2])
  const diagonal = Array.from({ length: width }, (_, at) => cell(at + 2, at, at)).join("")
  const read2 = await read({ rows: names + diagonal })
  expect(read2.rows.every((row, at) => row[at] === at && row.filter((value) => value !== null).length === 1)).toBe(true)
  expect(read2.rows).toHaveLength(width)
  expect(read2.batches.length).toBeGreaterThan(4)
})

test("rows out of order in a batch that grew are put into order", async () => {
  const order = Array.from({ length: 900 }, (_, at) => (at % 2 === 0 ? at + 1 : at - 1))
  const { rows } = await read({ rows: names + order.map((at) => cell(at + 2, at === 899 ? 1 : 0, at)).join("") })
  expect(rows.map((row) => row[0] ?? row[1])).toEqual(Array.from({ length: 900 }, (_, at) => at))
})

test("a long shared string is held in memory once, whichever columns and batches contain it", async () => {
  const long = "é".repeat(2000)
  const shared = '<c t="s"><v>0</v></c>'
  const body = `<row>${shared}<c><v>1</v></c>${shared}</row><row>${shared}${shared}<c t="str"><v>own</v></c></row>`
  const { rows } = await read({
    rows: `<row><c t="str"><v>a</v></c><c t="str"><v>b</v></c><c t="str"><v>c</v></c></row>${body}`,
    strings: [long],
  })
  expect(rows).toEqual([
    [long, 1, long],
    [long, long, "own"],
  ])
})

test("a row with more text than the limit is refused, and one with exactly as much is read", async () => {
  const text = "t".repeat(100)
  const rows = `<row><c t="str"><v>a</v></c><c t="str"><v>b</v></c></row><row><c t="s"><v>0</v></c><c t="str"><v>${text}</v></c></row>`
  expect((await read({ rows, strings: [text] }, { limits: { rowBytes: 200 } })).rows).toEqual([[text, text]])
  const refused = await read({ rows, strings: [text] }, { limits: { rowBytes: 199 } }).catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(RowgateError)
  expect(refused).toMatchObject({
    code: "LIMIT_EXCEEDED",
    message: 'Row 2 of the sheet "Sheet1" has 200 bytes of text or more; the limit is 199 (limits.rowBytes).',
  })
})
