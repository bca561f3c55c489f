import { gzipSync } from "node:zlib"
import type { FileMetaData, SchemaElement } from "hyparquet"
import { type ColumnSource, parquetWriteBuffer } from "hyparquet-writer"
import { expect, test } from "vitest"
import { parquet } from "../../../src/parsers/parquet/parquet.ts"
import { type PageSketch, type ParquetSketch, parquetBytes } from "../../hostile/parquet/parquet-bytes.ts"
import { chunkedFile } from "../chunked-file.ts"
import { readTable } from "../read-table.ts"

type Written = Parameters<typeof parquetWriteBuffer>[0]

const write = (columnData: ColumnSource[], options: Partial<Written> = {}) => new Uint8Array(parquetWriteBuffer({ columnData, ...options }))
const read = (bytes: Uint8Array) => readTable(parquet(), chunkedFile(bytes))

test("columns with the same name are each read from their own place", async () => {
  const element: SchemaElement = { name: "x", type: "INT32", repetition_type: "OPTIONAL" }
  const bytes = write(
    [
      { name: "x", data: [1, 2] },
      { name: "x", data: [3, 4] },
    ],
    { schema: [{ name: "root", num_children: 2 }, element, element] },
  )
  const { header, rows, notices } = await read(bytes)
  expect([header, rows, notices]).toEqual([
    ["x", "x_2"],
    [
      [1, 3],
      [2, 4],
    ],
    ["header.duplicate"],
  ])
})

const number: SchemaElement = { name: "x", type: "INT32", repetition_type: "REQUIRED" }
const five: PageSketch = { kind: "data", values: 5, body: new Uint8Array(20) }

test("a file whose footer and row groups disagree about the number of rows is FILE_CORRUPT", async () => {
  const file = (rows: number, lie?: (footer: FileMetaData) => FileMetaData) =>
    read(parquetBytes({ columns: [{ element: number, pages: [five] }], rows, ...(lie === undefined ? {} : { lie }) }))
  expect((await file(5)).rows).toHaveLength(5)
  await expect(file(3)).rejects.toMatchObject({
    code: "FILE_CORRUPT",
    message: expect.stringContaining(
      "a page states 5 values, but its row group has only 3 rows left in page 1 of the column x, row group 1",
    ),
  })
  await expect(file(5, (footer) => ({ ...footer, num_rows: 10n }))).rejects.toMatchObject({
    code: "FILE_CORRUPT",
    message: expect.stringContaining("its footer states 10 rows, but its row groups have 5"),
  })
  await expect(file(5, (footer) => ({ ...footer, row_groups: [] }))).rejects.toMatchObject({ code: "FILE_CORRUPT" })
})

test("pages of only nulls, codes of no bits and missing dictionaries are read as their writers meant them", async () => {
  const optional: SchemaElement = { name: "x", type: "INT32", repetition_type: "OPTIONAL" }
  // A length of four bytes, then one run of five nulls.
  const nulls = { kind: "data", values: 5, body: Buffer.from("020000000a00", "hex"), unpacked: 6 } as const
  const codes = (body: string) => ({ kind: "data", values: 5, body: Buffer.from(body, "hex"), encoding: "RLE_DICTIONARY" }) as const
  const dictionary = { kind: "dictionary", values: 1, body: Buffer.from("07000000", "hex") } as const
  const rowsOf = async (sketch: ParquetSketch["columns"][number], lie?: (footer: FileMetaData) => FileMetaData) =>
    (await read(parquetBytes({ columns: [sketch], rows: 5, ...(lie === undefined ? {} : { lie }) }))).rows.flat()
  expect(await rowsOf({ element: optional, pages: [nulls] })).toEqual([null, null, null, null, null])
  for (const body of ["00", "000a"]) expect(await rowsOf({ element: number, pages: [dictionary, codes(body)] })).toEqual([7, 7, 7, 7, 7])
  // The first code that is not in the dictionary of one entry.
  await expect(rowsOf({ element: number, pages: [dictionary, codes("0103ff")] })).rejects.toMatchObject({ code: "FILE_CORRUPT" })
  const wrongDictionary = (footer: FileMetaData) => {
    for (const { meta_data: metadata } of footer.row_groups[0]?.columns ?? [])
      if (metadata !== undefined) metadata.dictionary_page_offset = metadata.data_page_offset + 5n
    return footer
  }
  expect(await rowsOf({ element: number, pages: [five] }, wrongDictionary)).toEqual([0, 0, 0, 0, 0])
})

test("a page of version 2 without values may be compressed to no bytes", async () => {
  const bytes = write([{ name: "x", data: [null, null, null], type: "INT32" }], {
    codec: "GZIP",
    compressors: { GZIP: (input) => (input.length === 0 ? new Uint8Array(0) : new Uint8Array(gzipSync(input))) },
  })
  expect((await read(bytes)).rows).toEqual([[null], [null], [null]])
})

test("a file whose footer states no rows, as old writers left it, is read", async () => {
  const bytes = parquetBytes({ columns: [{ element: number, pages: [five] }], rows: 5, lie: (footer) => ({ ...footer, num_rows: 0n }) })
  const { rows, batches } = await read(bytes)
  expect(rows).toHaveLength(5)
  expect(batches[0]?.table.facts).toMatchObject({ rows: 5 })
})

test("a column without rows may have only a dictionary, and no offset of its values", async () => {
  const lie = (footer: FileMetaData) => {
    for (const { meta_data: meta } of footer.row_groups[0]?.columns ?? [])
      if (meta !== undefined) Object.assign(meta, { data_page_offset: 0n, num_values: 0n })
    return footer
  }
  const dictionary: PageSketch = { kind: "dictionary", values: 0, body: new Uint8Array(0) }
  expect((await read(parquetBytes({ columns: [{ element: number, pages: [dictionary] }], rows: 0, lie }))).rows).toEqual([])
})

test("a batch ends when its texts reach batchBytes, even if a dictionary holds each text once", async () => {
  const element: SchemaElement = { name: "x", type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "REQUIRED" }
  const text = Buffer.alloc(1004, "a")
  text.writeUInt32LE(1000)
  const dictionary: PageSketch = { kind: "dictionary", values: 1, body: text }
  const codes: PageSketch = { kind: "data", values: 100, body: Uint8Array.from([1, 200, 1, 0]), encoding: "RLE_DICTIONARY" }
  const bytes = parquetBytes({ columns: [{ element, pages: [dictionary, codes] }], rows: 100 })
  const { batches, rows } = await readTable(parquet(), chunkedFile(bytes), { batchBytes: 10_000 })
  expect(batches.map(({ length }) => length)).toEqual(new Array(10).fill(10))
  expect(rows.every(([cell]) => cell === "a".repeat(1000))).toBe(true)
})
