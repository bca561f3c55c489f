import { parquetWriteBuffer } from "hyparquet-writer"
import { describe, expect, test } from "vitest"
import { orderStage } from "../../examples/data/order-contract.ts"
import { ordersCsv } from "../../examples/data/orders.ts"
import { sampleCsv } from "../../examples/data/sample-csv.ts"
import type { Batches } from "../../src/model/batch.ts"
import { TableBatch } from "../../src/model/table-batch.ts"
import { normalize } from "../../src/normalize/normalize.ts"
import { csv } from "../../src/parsers/csv/csv.ts"
import { json } from "../../src/parsers/json/json.ts"
import { ndjson } from "../../src/parsers/json/ndjson.ts"
import { parquet } from "../../src/parsers/parquet/parquet.ts"
import { xlsx } from "../../src/parsers/xlsx/xlsx.ts"
import { readPart } from "../../src/parts/read-part.ts"
import { writePart } from "../../src/parts/write-part.ts"
import { chunkedFile } from "../parsers/chunked-file.ts"
import { readContext } from "../parsers/read-table.ts"
import { workbookBytes } from "../parsers/xlsx/workbook-bytes.ts"
import { pictureOf } from "./batch-picture.ts"

/** Batches, and what each looked like when it passed. */
async function* pictured(batches: Batches<unknown>, pictures: object[]): AsyncGenerator<TableBatch<unknown>> {
  for await (const batch of batches) {
    pictures.push(pictureOf(TableBatch.from(batch)))
    yield TableBatch.from(batch)
  }
}

/** Writes batches to a part, reads it, and expects the same. Returns what it read. */
async function expectSame(batches: Batches<unknown>): Promise<TableBatch<unknown>[]> {
  const expected: object[] = []
  const read: TableBatch<unknown>[] = []
  for await (const batch of readPart(writePart(pictured(batches, expected)))) read.push(batch)
  expect(read.length).toBeGreaterThan(0)
  expect(read.map(pictureOf)).toStrictEqual(expected)
  return read
}

async function* streamed(batches: readonly TableBatch<unknown>[]): AsyncGenerator<TableBatch<unknown>> {
  yield* batches
}

const quotes = 'id,text,n\n1,"a ""quoted""\ntext",5.0\n2, trimmed ,\n3,only two\n4,"",1e3\n5,ü,x\n6,a,b,c,d\n'
const rows = Array.from({ length: 50 }, (_, at) => ({
  id: at,
  text: at % 9 === 0 ? null : `text ${at % 4}`,
  list: [at, { deep: [null, "x"] }],
  late: at < 30 ? undefined : true,
}))
const orders = Buffer.concat([...ordersCsv({ rows: 3000, damage: { share: 0.2, of: "rows" } })])

const workbook = () => {
  const cells = Array.from({ length: 40 }, (_, at) => {
    const row = at + 2
    const mixed = [`<c r="D${row}"><v>${at}.5</v></c>`, `<c r="D${row}" t="b"><v>1</v></c>`, `<c r="D${row}" t="e"><v>#N/A</v></c>`, ""][
      at % 4
    ]
    return `<row r="${row}"><c r="A${row}" t="s"><v>${3 + (at % 3)}</v></c><c r="B${row}"><v>${at * 1.5}</v></c><c r="C${row}" s="1"><v>${45000 + at}</v></c>${mixed}<c r="E${row}" t="inlineStr"><is><t>inline ${at}</t></is></c><c r="F${row}" s="2"><v>0.5</v></c></row>`
  })
  const header = `<row r="1">${["A", "B", "C", "D", "E", "F"].map((letter) => `<c r="${letter}1" t="inlineStr"><is><t>${letter.toLowerCase()}</t></is></c>`).join("")}</row>`
  return workbookBytes({
    rows: header + cells.join(""),
    strings: ["no", "row", "has this", "red", "green", "blue"],
    formats: ["yyyy-mm-dd", "hh:mm"],
  })
}

const parquetFile = () =>
  new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        { name: "id", data: rows.map(({ id }) => id), type: "INT32" },
        { name: "text", data: rows.map(({ text }) => text), type: "STRING", nullable: true },
        { name: "at", data: rows.map(({ id }) => new Date(id * 1e9)), type: "TIMESTAMP" },
        { name: "deep", data: rows.map(({ list }) => ({ list })), type: "JSON" },
        { name: "flag", data: rows.map(({ id }) => id % 2 === 0), type: "BOOLEAN" },
      ],
      rowGroupSize: 20,
    }),
  )

describe("batches of every parser are the same after a part file", () => {
  const context = readContext({ batchRows: 16 })
  test.each([
    ["csv", () => csv().parse(chunkedFile(sampleCsv()), context)],
    ["csv with quotes, short and long records", () => csv().parse(chunkedFile(quotes), context)],
    ["csv in Latin-1", () => csv({ encoding: "windows-1252" }).parse(chunkedFile(Buffer.from(quotes, "latin1")), context)],
    ["csv with wrong UTF-8", () => csv({ encoding: "utf-8" }).parse(chunkedFile(Buffer.from(`${quotes}7,\xff,\0\n`, "latin1")), context)],
    ["csv without rows", () => csv().parse(chunkedFile("a,b\n"), context)],
    ["csv whose memory is used again", () => csv().parse(chunkedFile(orders), { ...context, reuse: true })],
    ["csv with quotes whose memory is used again", () => csv().parse(chunkedFile(quotes.repeat(99)), { ...context, reuse: true })],
    ["json", () => json().parse(chunkedFile(JSON.stringify(rows)), context)],
    [
      "ndjson with a line that is no JSON",
      () => ndjson().parse(chunkedFile(`${rows.map((row) => JSON.stringify(row)).join("\n")}\n{"id":\n`), context),
    ],
    ["xlsx", () => xlsx().parse(chunkedFile(workbook()), context)],
    ["parquet", () => parquet().parse(chunkedFile(parquetFile()), context)],
  ])("%s", async (_, parse) => {
    const read = await expectSame(parse())
    // The next function normalizes them, and writes them again.
    await expectSame(normalize({})(streamed(read), context))
  })

  test("xlsx has columns of every kind", async () => {
    const read = await expectSame(xlsx().parse(chunkedFile(workbook()), context))
    expect(read[0]?.shape.columns.map(({ kind }) => kind)).toEqual(["dictionary", "number", "date", "value", "bytes", "value"])
    expect(read[0]?.column("a")).toMatchObject({ values: ["red", "green", "blue"] })
  })
})

test("orders with damaged rows are the same in every function after them as in one process", async () => {
  const context = readContext({ batchRows: 500 })
  const parsed = await expectSame(csv().parse(chunkedFile(orders), { ...context, reuse: true }))
  const validated = await expectSame(orderStage()(streamed(parsed), context))
  const inOneProcess: object[] = []
  for await (const batch of orderStage()(csv().parse(chunkedFile(orders), context), context))
    inOneProcess.push(pictureOf(TableBatch.from(batch)))
  expect(validated.map(pictureOf)).toStrictEqual(inOneProcess)
  expect(validated.reduce((sum, { selection }) => sum + selection.size, 0)).toBeLessThan(3000)
  expect(validated[0]?.column("amount")).toMatchObject({ kind: "bytes" })
  expect(validated[0]?.column("quantity")).toMatchObject({
    kind: "number",
    plain: expect.objectContaining({ starts: expect.any(Uint32Array) }),
  })
})
