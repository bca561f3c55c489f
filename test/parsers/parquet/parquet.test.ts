import { brotliCompressSync, gzipSync } from "node:zlib"
import fc from "fast-check"
import type { SchemaElement } from "hyparquet"
import { type ColumnSource, parquetWriteBuffer } from "hyparquet-writer"
import { expect, test } from "vitest"
import { toDate } from "../../../src/model/fine-instant.ts"
import { leafType } from "../../../src/parsers/parquet/leaf-type.ts"
import { parquet } from "../../../src/parsers/parquet/parquet.ts"
import type { ParquetOptions } from "../../../src/parsers/parquet/parquet-options.ts"
import { parquetBytes } from "../../hostile/parquet/parquet-bytes.ts"
import { chunkedFile } from "../chunked-file.ts"
import { readContext, readTable } from "../read-table.ts"

type Written = Parameters<typeof parquetWriteBuffer>[0]

const write = (columnData: ColumnSource[], options: Partial<Written> = {}) => new Uint8Array(parquetWriteBuffer({ columnData, ...options }))
const read = (bytes: Uint8Array, options: ParquetOptions = {}, context = {}) => readTable(parquet(options), chunkedFile(bytes), context)

/** One column of a physical type, written from raw values. */
async function cellsOf(element: Omit<SchemaElement, "name">, data: unknown[]): Promise<unknown[]> {
  const schema: SchemaElement[] = [
    { name: "root", num_children: 1 },
    { repetition_type: "OPTIONAL", ...element, name: "x" },
  ]
  const { rows, issues } = await read(write([{ name: "x", data }], { schema }))
  expect(issues).toEqual([])
  return rows.map(([cell]) => cell)
}

test("columns have their names and kinds", async () => {
  const { header, rows, batches } = await read(
    write([
      { name: "id", data: [1, 2, 3], type: "INT32" },
      { name: "name", data: ["Ada", "Grace", null], type: "STRING" },
      { name: "share", data: [0.5, null, 1e300], type: "DOUBLE" },
      { name: "ok", data: [true, false, null], type: "BOOLEAN" },
      { name: "at", data: [new Date(0), null, new Date(-1)], type: "TIMESTAMP" },
    ]),
  )
  expect(header).toEqual(["id", "name", "share", "ok", "at"])
  expect(rows).toEqual([
    [1, "Ada", 0.5, true, new Date(0)],
    [2, "Grace", null, false, null],
    [3, null, 1e300, null, new Date(-1)],
  ])
  const [batch] = batches
  expect(batch?.names.map((name) => batch.columns[name]?.kind)).toEqual(["number", "bytes", "number", "boolean", "date"])
  expect(batch?.origin(1)).toEqual({ uri: "memory/file", table: "file", row: 2 })
})

test("integers are numbers, and text if a double cannot hold them", async () => {
  const values = [0n, -5n, 2n ** 53n - 1n, 2n ** 53n, -(2n ** 63n), null]
  expect(await cellsOf({ type: "INT64" }, values)).toEqual([0, -5, 9007199254740991, "9007199254740992", "-9223372036854775808", null])
  expect(await cellsOf({ type: "INT64", converted_type: "UINT_64" }, [2n ** 64n - 1n, 1n])).toEqual(["18446744073709551615", 1])
  expect(await cellsOf({ type: "INT32", converted_type: "UINT_32" }, [4294967295, 1])).toEqual([4294967295, 1])
})

test("decimals are exact text, whatever type they are stored in", async () => {
  const decimal = { converted_type: "DECIMAL", scale: 2, precision: 9 } as const
  expect(await cellsOf({ type: "INT32", ...decimal }, [5n, -123456n, 0n, null])).toEqual(["0.05", "-1234.56", "0.00", null])
  expect(await cellsOf({ type: "INT64", ...decimal, precision: 18 }, [10n ** 17n, -1n])).toEqual(["1000000000000000.00", "-0.01"])
  expect(await cellsOf({ type: "INT32", ...decimal, scale: 0 }, [7n])).toEqual(["7"])
  const wide = { type: "FIXED_LEN_BYTE_ARRAY", type_length: 16, converted_type: "DECIMAL", scale: 10, precision: 38 } as const
  expect(await cellsOf(wide, [12345678901234567890123456789n, -1n])).toEqual(["1234567890123456789.0123456789", "-0.0000000001"])
})

test("decimals of more digits than PostgreSQL can store are refused", async () => {
  const decimal = { converted_type: "DECIMAL", precision: 9 } as const
  for (const scale of [16_384, 500_000_000, -500_000_000])
    await expect(cellsOf({ type: "INT32", ...decimal, scale }, [5n])).rejects.toMatchObject({ code: "FILE_CORRUPT" })
  const element: SchemaElement = { name: "x", type: "BYTE_ARRAY", repetition_type: "REQUIRED", ...decimal, scale: 2 }
  const body = Buffer.alloc(4 + 100_000, 0x7f)
  body.writeUInt32LE(100_000)
  const long = parquetBytes({ columns: [{ element, pages: [{ kind: "data", values: 1, body }] }], rows: 1 })
  await expect(read(long)).rejects.toMatchObject({
    code: "FILE_CORRUPT",
    message: expect.stringContaining("a decimal takes 100000 bytes"),
  })
  const digits = await cellsOf({ type: "INT32", ...decimal, scale: 16_383 }, [5n])
  expect(String(digits[0])).toHaveLength(16_385)
})

test("dates, instants and times of day are read in every unit", async () => {
  const instant = Date.UTC(2024, 1, 29, 12, 30, 15, 250)
  expect(await cellsOf({ type: "INT32", converted_type: "DATE" }, [19_782, -1])).toEqual([new Date("2024-02-29"), new Date("1969-12-31")])
  expect(await cellsOf({ type: "INT64", converted_type: "TIMESTAMP_MILLIS" }, [BigInt(instant)])).toEqual([new Date(instant)])
  expect(await cellsOf({ type: "INT64", converted_type: "TIMESTAMP_MICROS" }, [BigInt(instant) * 1000n + 999n, -1n])).toEqual([
    toDate(instant + 0.999),
    toDate(-0.001),
  ])
  const nanos = { type: "TIMESTAMP", isAdjustedToUTC: true, unit: "NANOS" } as const
  expect(await cellsOf({ type: "INT64", logical_type: nanos }, [BigInt(instant) * 1_000_000n + 1001n])).toEqual([toDate(instant + 0.001)])
  expect(await cellsOf({ type: "INT32", converted_type: "TIME_MILLIS" }, [45_015_250, 0])).toEqual(["12:30:15.250", "00:00:00"])
  expect(await cellsOf({ type: "INT64", converted_type: "TIME_MICROS" }, [45_015_250_001n, 45_015_000_000n])).toEqual([
    "12:30:15.250001",
    "12:30:15",
  ])
})

test("instants beyond the range of Date are the stored number as text, and times of day may be negative", async () => {
  expect(await cellsOf({ type: "INT32", converted_type: "DATE" }, [0, 2 ** 31 - 1, null])).toEqual([new Date(0), "2147483647", null])
  expect(await cellsOf({ type: "INT64", converted_type: "TIMESTAMP_MILLIS" }, [8_640_000_000_000_000n, 8_640_000_000_000_001n])).toEqual([
    new Date(8_640_000_000_000_000),
    "8640000000000001",
  ])
  expect(await cellsOf({ type: "INT64", converted_type: "TIME_MICROS" }, [-1n, -3_600_000_000n])).toEqual(["-00:00:00.000001", "-01:00:00"])
})

test("an INT96 instant is read from unsigned nanoseconds and a day, or is the number as text", async () => {
  const element: SchemaElement = { name: "x", type: "INT96", repetition_type: "REQUIRED" }
  const body = Buffer.alloc(24)
  body.writeBigUInt64LE(1_500_000n, 0)
  body.writeInt32LE(2_440_589, 8)
  body.writeBigUInt64LE(2n ** 63n + 1n, 12)
  body.writeInt32LE(-105_862_655, 20)
  const { rows } = await read(parquetBytes({ columns: [{ element, pages: [{ kind: "data", values: 2, body }] }], rows: 2 }))
  expect(rows).toEqual([[toDate(86_400_001.5)], [String((-105_862_655n << 64n) | (2n ** 63n + 1n))]])
})

test("instants keep their microseconds, as text in years that are far away", async () => {
  const micros = { type: "INT64", converted_type: "TIMESTAMP_MICROS" } as const
  expect(await cellsOf(micros, [1n, -1n, 253_402_300_799_999_999n, 253_402_300_799_999_000n, -10_000_000_000_000_001n])).toEqual([
    toDate(0.001),
    toDate(-0.001),
    "9999-12-31T23:59:59.999999Z",
    new Date("9999-12-31T23:59:59.999Z"),
    "1653-02-10T06:13:19.999999Z",
  ])
  fc.assert(
    fc.property(fc.integer({ min: -8_796_093_022_207, max: 8_796_093_022_207 }), fc.integer({ min: 0, max: 999 }), (ms, rest) => {
      const { ofNumber = Number, read } = leafType({ name: "x", ...micros })
      const stored = BigInt(ms) * 1000n + BigInt(rest)
      const instant = Number(read(stored))
      // To multiply the whole instant would round it once more.
      expect(Math.floor(instant) * 1000 + Math.round((instant - Math.floor(instant)) * 1000)).toBe(Number(stored))
      expect(ofNumber(Number(stored))).toBe(read(stored))
    }),
  )
})

test("nanoseconds of instants are cut, with a notice", async () => {
  const at = (logical_type: NonNullable<SchemaElement["logical_type"]>): SchemaElement[] => [
    { name: "root", num_children: 1 },
    { name: "at", type: "INT64", logical_type, repetition_type: "OPTIONAL" },
  ]
  const noticesOf = async (unit: "MICROS" | "NANOS") =>
    (await read(write([{ name: "at", data: [1n] }], { schema: at({ type: "TIMESTAMP", isAdjustedToUTC: true, unit }) }))).notices
  expect(await noticesOf("NANOS")).toEqual(["parquet.precision"])
  expect(await noticesOf("MICROS")).toEqual([])
})

test("UUIDs, half floats, bytes and intervals are read as text or numbers", async () => {
  const uuid = "12345678-90ab-cdef-1234-567890abcdef"
  expect(await cellsOf({ type: "FIXED_LEN_BYTE_ARRAY", type_length: 16, logical_type: { type: "UUID" } }, [uuid])).toEqual([uuid])
  expect(await cellsOf({ type: "FIXED_LEN_BYTE_ARRAY", type_length: 2, logical_type: { type: "FLOAT16" } }, [1.5, -0.25])).toEqual([
    1.5, -0.25,
  ])
  expect(await cellsOf({ type: "FIXED_LEN_BYTE_ARRAY", type_length: 3 }, [Uint8Array.of(1, 2, 255)])).toEqual(["\\x0102ff"])
  expect(await cellsOf({ type: "BYTE_ARRAY" }, [Uint8Array.of(0xff, 0xfe), Buffer.from("text")])).toEqual(["\\xfffe", "text"])
})

test("the fields of structs become columns with dotted names, and lists and maps are values", async () => {
  const schema: SchemaElement[] = [
    { name: "root", num_children: 3 },
    { name: "at", repetition_type: "OPTIONAL", num_children: 2 },
    { name: "city", type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "OPTIONAL" },
    { name: "zip", type: "INT64", repetition_type: "OPTIONAL" },
    { name: "tags", repetition_type: "OPTIONAL", converted_type: "LIST", num_children: 1 },
    { name: "list", repetition_type: "REPEATED", num_children: 1 },
    { name: "element", type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "OPTIONAL" },
    { name: "sums", repetition_type: "OPTIONAL", converted_type: "MAP", num_children: 1 },
    { name: "key_value", repetition_type: "REPEATED", num_children: 2 },
    { name: "key", type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "REQUIRED" },
    { name: "value", type: "INT32", converted_type: "DECIMAL", scale: 1, precision: 5, repetition_type: "OPTIONAL" },
  ]
  const bytes = write(
    [
      { name: "at", data: [{ city: "x", zip: 1n }, { city: null, zip: 2n }, null, { city: "y", zip: 2n ** 60n }] },
      { name: "tags", data: [["a", null], [], null, ["b"]] },
      { name: "sums", data: [{ a: 15n, b: null }, {}, null, { c: -1n }] },
    ],
    { schema },
  )
  for (const batchRows of [1, 3, 100]) {
    const { header, rows } = await read(bytes, {}, { batchRows })
    expect(header).toEqual(["at.city", "at.zip", "tags", "sums"])
    expect(rows).toEqual([
      ["x", 1, ["a", null], { a: "1.5", b: null }],
      [null, 2, [], {}],
      [null, null, null, null],
      ["y", "1152921504606846976", ["b"], { c: "-0.1" }],
    ])
  }
})

test("repeated texts become a dictionary column, unless the dictionary is much larger than the batch", async () => {
  const kindOf = async (data: string[]) => (await read(write([{ name: "x", data }]))).batches[0]?.columns["x"]?.kind
  expect(await kindOf(Array.from({ length: 5000 }, (_, at) => `v${at % 10}`))).toBe("dictionary")
  expect(await kindOf(Array.from({ length: 5000 }, (_, at) => `v${at}`))).toBe("bytes")
})

test("invalid texts are issues of their rows", async () => {
  const data = [Buffer.from("ok"), Uint8Array.of(0x61, 0xff), Buffer.from("a\0b"), null]
  const element = { name: "x", type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "OPTIONAL" } as const
  for (const repeat of [1, 300]) {
    const values = Array.from({ length: repeat }, () => data).flat()
    const bytes = write([{ name: "x", data: values }], { schema: [{ name: "root", num_children: 1 }, element], statistics: false })
    const { rows, issues } = await read(bytes)
    expect(rows.slice(0, 4)).toEqual([["ok"], ["a\ufffd"], ["a\0b"], [null]])
    expect(issues.slice(0, 2)).toEqual(["1: text.invalid_utf8 x", "2: text.nul x"])
    expect(issues).toHaveLength(2 * repeat)
  }
})

test("rows are numbered across row groups, and batches have at most the requested length", async () => {
  const data = Array.from({ length: 1000 }, (_, at) => at)
  const { batches, rows } = await read(write([{ name: "x", data, type: "INT32" }], { rowGroupSize: 300 }), {}, { batchRows: 120 })
  expect(batches.map(({ length }) => length)).toEqual([120, 120, 60, 120, 120, 60, 120, 120, 60, 100])
  expect(rows.map(([cell]) => cell)).toEqual(data)
  expect(batches[5]?.origin(59).row).toBe(600)
})

test("a table without rows still has its columns", async () => {
  const { header, rows, batches } = await read(write([{ name: "a", data: [], type: "INT32" }]))
  expect([header, rows, batches.length]).toEqual([["a"], [], 1])
})

test("only the ranges of the needed pages are read", async () => {
  const data = Array.from({ length: 400_000 }, (_, at) => at * 1.000001)
  const bytes = write([{ name: "x", data, type: "DOUBLE", encoding: "PLAIN" }], { codec: "UNCOMPRESSED", rowGroupSize: 400_000 })
  const file = chunkedFile(bytes)
  let asked = 0
  const counting = {
    ...file,
    async read(start: number, end: number) {
      asked += end - start
      return bytes.subarray(start, end)
    },
  }
  for await (const batch of parquet().parse(counting, readContext())) if (batch.length > 0) break
  expect(asked).toBeLessThan(2_500_000)
  expect(bytes.length).toBeGreaterThan(3_000_000)
})

/** One uncompressed block of Zstandard (RFC 8878, 3.1.1). */
function zstandard(input: Uint8Array): Uint8Array {
  const head = Buffer.from("28b52ffda0000000000000", "hex")
  head.writeUInt32LE(input.length, 5)
  return Buffer.concat([head.subarray(0, 9), Buffer.from([(input.length << 3) | 1, input.length >> 5, input.length >> 13]), input])
}

/** One LZ4 sequence with only literals. */
function lz4(input: Uint8Array): Uint8Array {
  const left = input.length - 15
  const length = left < 0 ? [] : [...new Array<number>(Math.floor(left / 255)).fill(255), left % 255]
  return Buffer.concat([Buffer.from([left < 0 ? input.length << 4 : 0xf0, ...length]), input])
}

/** The same in Hadoop's frame, which states both sizes before it. */
function hadoopLz4(input: Uint8Array): Uint8Array {
  const packed = lz4(input)
  const sizes = Buffer.alloc(8)
  sizes.writeUInt32BE(input.length)
  sizes.writeUInt32BE(packed.length, 4)
  return Buffer.concat([sizes, packed])
}

test.each([
  ["GZIP", gzipSync],
  ["BROTLI", brotliCompressSync],
  ["ZSTD", zstandard],
  ["LZ4_RAW", lz4],
  ["LZ4", hadoopLz4],
  ["SNAPPY", undefined],
  ["UNCOMPRESSED", undefined],
] as const)("pages packed by %s are unpacked", async (codec, pack) => {
  const data = Array.from({ length: 3000 }, (_, at) => `text ${at % 77}`)
  const compressors = pack === undefined ? {} : { compressors: { [codec]: (input: Uint8Array) => new Uint8Array(pack(input)) } }
  const { rows } = await read(write([{ name: "x", data }], { codec, ...compressors, pageSize: 1000 }))
  expect(rows.map(([cell]) => cell)).toEqual(data)
})

test.each([
  ["limits.footerBytes", { footerBytes: 10 }],
  ["limits.pageBytes", { pageBytes: 100 }],
  ["limits.pageValues", { pageValues: 100 }],
  ["limits.cellBytes", { cellBytes: 5 }],
  ["limits.columns", { columns: 1 }],
])("a file beyond %s is refused, and the error names the option", async (option, limits) => {
  const data = Array.from({ length: 500 }, (_, at) => `text ${at}`)
  const bytes = write([
    { name: "a", data },
    { name: "b", data },
  ])
  await expect(read(bytes, { limits })).rejects.toMatchObject({ code: "LIMIT_EXCEEDED", message: expect.stringContaining(option) })
})

test("a page whose number of values is not a number is refused instead of read forever", async () => {
  const element: SchemaElement = { name: "x", type: "INT32", repetition_type: "REQUIRED" }
  const bytes = parquetBytes({ columns: [{ element, pages: [{ kind: "data", values: false, body: new Uint8Array(40) }] }], rows: 10 })
  await expect(read(bytes)).rejects.toMatchObject({ code: "FILE_CORRUPT", message: expect.stringContaining("number of values") })
})

test("a file with too many row groups is refused before they are read", async () => {
  const data = Array.from({ length: 20 }, (_, at) => at)
  const bytes = write([{ name: "a", data, type: "INT32" }], { rowGroupSize: 1 })
  await expect(read(bytes, { limits: { rowGroups: 19 } })).rejects.toMatchObject({
    code: "LIMIT_EXCEEDED",
    message: expect.stringContaining("20 row groups; the limit is 19 (limits.rowGroups)"),
  })
  expect((await read(bytes, { limits: { rowGroups: 20 } })).rows).toHaveLength(20)
})

test("a page that unpacks to many times the file's size is refused", async () => {
  const element: SchemaElement = { name: "x", type: "INT32", repetition_type: "REQUIRED" }
  const page = (bytes: number) => ({ kind: "data" as const, values: 10, body: gzipSync(Buffer.alloc(bytes)), unpacked: bytes })
  const file = (bytes: number) => parquetBytes({ columns: [{ element, codec: "GZIP", pages: [page(bytes)] }], rows: 10 })
  await expect(read(file(50 << 20))).rejects.toMatchObject({
    code: "LIMIT_EXCEEDED",
    message: expect.stringMatching(
      /The part of the parquet file in memory has \d+ times the file's bytes; the limit is 20 \(limits.heldRatio\)/,
    ),
  })
  expect((await read(file(50 << 20), { limits: { heldRatio: 5000 } })).rows).toHaveLength(10)
  expect((await read(file(20 << 20))).rows).toHaveLength(10)
})

test("a file that is cut off, encrypted or of unknown size has its own error code", async () => {
  const bytes = write([{ name: "x", data: [1, 2, 3], type: "INT32" }])
  for (let length = 4; length < bytes.length; length += 7)
    await expect(read(bytes.slice(0, length))).rejects.toMatchObject({ code: "FILE_TRUNCATED" })
  const sealed = Uint8Array.from(bytes)
  sealed.set(Buffer.from("PARE"), bytes.length - 4)
  await expect(read(sealed)).rejects.toMatchObject({ code: "FORMAT_ENCRYPTED" })
  const { size: _, ...unsized } = chunkedFile(bytes)
  await expect(readTable(parquet(), unsized)).rejects.toMatchObject({ code: "SOURCE_UNREADABLE" })
})
