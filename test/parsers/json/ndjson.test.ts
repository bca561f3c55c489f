import { expect, test } from "vitest"
import type { Column } from "../../../src/model/column.ts"
import { type NdjsonOptions, ndjson } from "../../../src/parsers/json/ndjson.ts"
import { chunkedFile } from "../chunked-file.ts"
import { readTable } from "../read-table.ts"

const read = (text: string | Uint8Array, options: NdjsonOptions = {}, chunkBytes = 7) =>
  readTable(ndjson(options), chunkedFile(text, chunkBytes))

test("every line is a row; blank lines, CR LF and a missing last line end make no difference", async () => {
  const { header, rows, issues } = await read('{"a":1}\r\n\n  \n{"a":2,"b":"x"}\n\t{"a":3} ')
  expect(header).toEqual(["a", "b"])
  expect(rows).toEqual([
    [1, null],
    [2, "x"],
    [3, null],
  ])
  expect(issues).toEqual([])
})

test("lines end in CR alone if the first one does, wherever chunks are cut", async () => {
  const text = '{"a":1}\r\r{"a":x}\r{"a":2}\r\n{"a":3}'
  for (let chunkBytes = 1; chunkBytes < 12; chunkBytes++) {
    const { rows, issues, batches } = await read(text, {}, chunkBytes)
    expect(rows).toEqual([[1], [null], [2], [3]])
    expect(issues).toEqual(["1: json.malformed"])
    expect([0, 1, 2, 3].map((row) => batches[0]?.origin(row).line)).toEqual([1, 3, 4, 5])
  }
  expect((await read(`${'{"a":1}\r'.repeat(300)}{"a":2}`, { limits: { recordBytes: 20 } })).rows).toHaveLength(301)
})

test("a CR inside a line does not end it if lines end in LF", async () => {
  for (const chunkBytes of [1, 3, 100]) {
    const { rows, issues } = await read('{"a":1}\r\n{"a":\r2}\n{"a":3}\r', {}, chunkBytes)
    expect(rows).toEqual([[1], [2], [3]])
    expect(issues).toEqual([])
  }
})

test("a line that is not JSON is rejected with its text, and the others are read", async () => {
  const lines = ['{"a":1}', '{"a":', '{"a":1}}', "{'a':1}", '{"a":1} {"a":2}', "[1]", "null", '{"a":"x\ty"}', '{"a":2}']
  const { rows, issues, batches } = await read(lines.join("\n"))
  expect(rows).toHaveLength(lines.length)
  expect(issues).toEqual([
    "1: json.malformed",
    "2: json.malformed",
    "3: json.malformed",
    "4: json.malformed",
    "5: json.not_a_row",
    "6: json.not_a_row",
    "7: json.malformed",
  ])
  expect([...(batches[0]?.selection ?? [])]).toEqual([0, 8])
  for (let row = 1; row < 8; row++) expect(batches[0]?.raw(row)).toEqual({ _raw: lines[row] })
})

test("the message says what is wrong and at which byte of the line", async () => {
  const { batches } = await read('{"a":1}\n{"a":NaN}')
  expect(batches[0]?.issues.of(1)[0]?.message).toBe(
    "The line cannot be read at byte 6: expected a value, but found NaN, which is not JSON; write null.",
  )
})

test("a line that is nested too deep, or contains a text that is too long, is rejected", async () => {
  const deep = `{"a":${"[".repeat(100)}${"]".repeat(100)}}`
  const long = `{"a":"${"x".repeat(100)}"}`
  const { issues } = await read(`${deep}\n${long}\n{"a":1}`, { limits: { cellBytes: 50 } })
  expect(issues).toEqual(["0: json.too_deep", "1: json.malformed"])
})

test("if lines are arrays, the first one is the header", async () => {
  const { header, rows } = await read('["id","name"]\n[1,"x"]\n[2,"y"]\n')
  expect([header, rows]).toEqual([
    ["id", "name"],
    [
      [1, "x"],
      [2, "y"],
    ],
  ])
})

test("every row knows its line and the byte at which it begins", async () => {
  const text = '{"a":"é"}\n\n{"a":2}\r\n{"a":3}\n'
  const { batches } = await readTable(ndjson(), chunkedFile(text, 4), { batchRows: 2 })
  const origins = batches.flatMap((batch) => Array.from({ length: batch.length }, (_, row) => batch.origin(row)))
  expect(origins).toEqual([
    { uri: "memory/file", table: "file", row: 1, line: 1, offset: 0 },
    { uri: "memory/file", table: "file", row: 2, line: 3, offset: 12 },
    { uri: "memory/file", table: "file", row: 3, line: 4, offset: 21 },
  ])
})

test("a line that exceeds the limit of a record stops reading before it is held in memory", async () => {
  await expect(read(`{"a":"${"x".repeat(1000)}"}`, { limits: { recordBytes: 100 } })).rejects.toMatchObject({
    code: "LIMIT_EXCEEDED",
    message: expect.stringContaining("limits.recordBytes"),
    origin: { offset: 0 },
  })
})

test("batches are limited by rows and bytes", async () => {
  const text = Array.from({ length: 1000 }, (_, at) => `{"id":${at},"text":"${"x".repeat(90)}"}\n`).join("")
  const sizes = async (options: object) =>
    (await readTable(ndjson(), chunkedFile(text, 10_000), options)).batches.map(({ length }) => length)
  expect(await sizes({})).toEqual([1000])
  expect(await sizes({ batchRows: 300 })).toEqual([300, 300, 300, 100])
  const bounded = await sizes({ batchBytes: 20_000 })
  expect(bounded.reduce((sum, size) => sum + size)).toBe(1000)
  expect(Math.max(...bounded)).toBeLessThan(220)
})

test("a file of blank lines is a table without rows", async () => {
  expect(await read("\n \n")).toMatchObject({ header: [], rows: [], issues: [] })
})

test("a batch of a few short lines does not keep later bytes in memory", async () => {
  const { rows, batches } = await readTable(ndjson(), chunkedFile('{"a":"x","n":1}\n'.repeat(4000)), { batchRows: 10 })
  expect(rows).toEqual(Array.from({ length: 4000 }, () => ["x", 1]))
  const held = new Set(batches.map(({ columns }) => (columns["a"] as Column<string>).ranges().bytes.buffer))
  const bytes = [...held].reduce((sum, { byteLength }) => sum + byteLength, 0)
  expect(held.size).toBe(400)
  expect(bytes).toBeLessThan(2 * 64_000 + 2 * 64 * 1024)
})

test("columns of a few rows share their buffers, however many columns there are", async () => {
  const line = `${JSON.stringify(Object.fromEntries(Array.from({ length: 5000 }, (_, at) => [`k${at}`, at])))}\n`
  const { rows, batches } = await readTable(ndjson(), chunkedFile(line.repeat(3)))
  expect(rows.map((row) => row[4999])).toEqual([4999, 4999, 4999])
  const [batch] = batches
  const buffers = new Set(batch?.names.map((name) => (batch.columns[name] as Column<number>).numbers().buffer))
  expect(buffers.size).toBeLessThan(20)
})

test("rows of one key in thousands of columns come in few batches, which share one column for all the others", async () => {
  const wide = JSON.stringify(Object.fromEntries(Array.from({ length: 2000 }, (_, at) => [`k${at}`, at])))
  const { rows, batches } = await read(`${wide}\n${'{"k7":1}\n'.repeat(9000)}${wide}`, {}, 1 << 16)
  expect(rows).toHaveLength(9002)
  expect(rows[9001]).toEqual(rows[0])
  expect([rows[9000]?.[7], rows[9000]?.filter((value) => value !== null).length]).toEqual([1, 1])
  expect(batches.length).toBeLessThan(7)
  const columns: readonly Column<unknown>[] = Object.values(batches[1]?.columns ?? {})
  expect(new Set(columns).size).toBe(2)
})

test("keys that each appear in one row are columns of their batch, each named once", async () => {
  const lines = Array.from({ length: 2000 }, (_, at) => `{"k${at}":${at}}`)
  const { rows, issues, batches } = await read(`${lines.join("\n")}\n{" k0":1}\n{"":2}`, {}, 1 << 16)
  expect(rows.every((row, at) => at >= 2000 || (row[at] === at && row.filter((value) => value !== null).length === 1))).toBe(true)
  expect(batches.length).toBeLessThan(20)
  expect(batches.at(-1)?.names.slice(-3)).toEqual(["k1999", "k0_2", "column_2002"])
  expect(issues.length).toBeGreaterThan(1000)
})

test("a batch of lists ends by the memory that they take", async () => {
  const { rows, batches } = await read(`{"a":${"[".repeat(50)}${"]".repeat(50)}}\n`.repeat(3000), {}, 1 << 16)
  expect(rows).toHaveLength(3000)
  expect(batches.length).toBeGreaterThan(3)
})
