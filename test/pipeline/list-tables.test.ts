import { gzipSync } from "node:zlib"
import { expect, test } from "vitest"
import { listTables, type TableEntry } from "../../src/pipeline/tables/list-tables.ts"
import { readTables } from "../../src/pipeline/tables/read-tables.ts"
import { bytes } from "../../src/sources/bytes.ts"
import { chunkedFile } from "../parsers/chunked-file.ts"
import { zipBytes } from "../parsers/files/zip/zip-bytes.ts"
import { declaration, mainNamespace, workbookBytes } from "../parsers/xlsx/workbook-bytes.ts"

const sheetXml = (stated: string, rows: string) =>
  `${declaration}<worksheet xmlns="${mainNamespace}">${stated}<sheetData>${rows}</sheetData></worksheet>`
const rows = '<row r="2"><c r="B2"><v>1</v></c></row>'
const book = workbookBytes({
  sheets: [
    { name: "Orders", xml: sheetXml('<sheetPr/><dimension ref="a1:h90"/>', rows) },
    { name: "Notes", state: "veryHidden", xml: sheetXml("", rows) },
    { name: "Odd", xml: sheetXml('<dimension ref="nowhere"/>', rows) },
  ],
})

async function entries(...given: Parameters<typeof listTables>): Promise<Partial<TableEntry>[]> {
  const found: Partial<TableEntry>[] = []
  for await (const { version: _, ...entry } of listTables(...given)) found.push(entry)
  return found
}

test("every worksheet of a workbook is listed, with its range if the workbook states one", async () => {
  const common = { uri: "book.xlsx", format: "xlsx" }
  expect(await entries(bytes(book, { name: "book.xlsx" }))).toEqual([
    { ...common, name: "Orders", sheet: 1, hidden: false, range: "A1:H90" },
    { ...common, name: "Notes", sheet: 2, hidden: true, range: undefined },
    { ...common, name: "Odd", sheet: 3, hidden: false, range: undefined },
  ])
})

test("readTables takes a listed position", async () => {
  for await (const { name, sheet } of listTables(book)) {
    const names: string[] = []
    for await (const table of readTables(book, { sheet })) names.push(table.name)
    expect(names).toEqual([name])
  }
})

test("files within gzip and zip are listed by their own names and formats", async () => {
  const packed = zipBytes([
    { name: "2026/a.csv", content: "a,b\n1,2\n" },
    { name: "b.xlsx", content: book },
  ])
  const found = await entries(bytes(packed, { name: "all.zip" }))
  expect(found.map(({ uri, name, format, sheet }) => [uri, name, format, sheet])).toEqual([
    ["all.zip!/2026/a.csv", "a.csv", "csv", undefined],
    ["all.zip!/b.xlsx", "Orders", "xlsx", 1],
    ["all.zip!/b.xlsx", "Notes", "xlsx", 2],
    ["all.zip!/b.xlsx", "Odd", "xlsx", 3],
  ])
  expect(await entries(gzipSync('{"a":1}\n{"a":2}\n'))).toMatchObject([{ format: "ndjson", range: undefined }])
})

test("listing reads no cell: shared strings, styles and the rest of a large sheet stay unread", async () => {
  // Numbers that compress badly, so that reading the sheet takes many reads.
  const many = Array.from({ length: 60_000 }, (_, at) => `<row r="${at + 1}"><c r="A${at + 1}"><v>${Math.sin(at)}</v></c></row>`).join("")
  const large = workbookBytes({ sheets: [{ xml: sheetXml('<dimension ref="A1:A60000"/>', many) }], strings: ["x"] })
  const file = chunkedFile(large, 1 << 14)
  let read = 0
  const counted = {
    ...file,
    async *stream(range?: { readonly start: number; readonly end?: number }) {
      for await (const chunk of file.stream(range)) {
        read += chunk.length
        yield chunk
      }
    },
  }
  const source = {
    name: "counted",
    async *files() {
      yield counted
    },
  }
  expect(await entries(source)).toMatchObject([{ range: "A1:A60000" }])
  expect(large.length).toBeGreaterThan(700_000)
  expect(read).toBeLessThan(large.length / 2)
})

test("an unreadable file fails as it does in readTables", async () => {
  await expect(entries(Buffer.from("%PDF-1.7 x"))).rejects.toMatchObject({ code: "FORMAT_UNSUPPORTED" })
  await expect(entries(book.subarray(0, 900))).rejects.toMatchObject({ code: "FILE_TRUNCATED" })
  const limits = { entries: 3 }
  await expect(entries(book, { formats: { limits } })).rejects.toMatchObject({ code: "LIMIT_EXCEEDED" })
})
