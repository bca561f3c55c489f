import { brotliCompressSync, gzipSync } from "node:zlib"
import type { FileMetaData, SchemaElement } from "hyparquet"
import { parquet } from "../../../src/parsers/parquet/parquet.ts"
import { fileOf, type HostileCase, type HostileCases } from "../hostile-case.ts"
import { type ColumnSketch, type PageSketch, parquetBytes } from "./parquet-bytes.ts"
import { levels, plainTexts, run, stepOnce, steps, varint, zstdCopies, zstdFrame, zstdRun } from "./stored-bytes.ts"

/** A kind of small file that could become large, in three sizes, and the outcome of each: the number of rows or a code. */
export interface Bomb {
  readonly sizes: readonly [number, number, number]
  readonly ends: readonly [number | string, number | string, number | string]
  readonly make: (size: number) => HostileCase
}

const million = 1_000_000
const miB = 1 << 20
const int: SchemaElement = { name: "x", type: "INT32", repetition_type: "REQUIRED" }
const text: SchemaElement = { name: "x", type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "REQUIRED" }

const read = (bytes: Uint8Array): HostileCase => ({ parser: parquet(), file: fileOf(bytes) })
const one = (column: ColumnSketch, rows: number): HostileCase => read(parquetBytes({ columns: [column], rows }))
const data = (
  values: number,
  body: readonly number[] | Uint8Array,
  encoding: NonNullable<PageSketch["encoding"]> = "PLAIN",
): PageSketch => ({
  kind: "data",
  values,
  body: Uint8Array.from(body),
  encoding,
})
const packed = (page: PageSketch, pack: (bytes: Uint8Array) => Uint8Array): PageSketch => ({
  ...page,
  body: pack(page.body),
  unpacked: page.unpacked ?? page.body.length,
})
const columns = (count: number, column: ColumnSketch): ColumnSketch[] =>
  Array.from({ length: count }, (_, at) => ({ ...column, element: { ...column.element, name: `c${at}` } }))

/** A dictionary with one value, which all rows have. */
const repeated = (value: Uint8Array, rows: number): PageSketch[] => [
  { kind: "dictionary", values: 1, body: value },
  data(rows, [1, ...run(rows, 0)], "RLE_DICTIONARY"),
]

/** A column of nested lists. */
function nested(depth: number, element: SchemaElement, page: PageSketch, rows: number, name = "x", before: readonly PageSketch[] = []) {
  const groups = Array.from({ length: depth }, (_, at): SchemaElement[] => [
    { name: at === 0 ? name : "element", repetition_type: "OPTIONAL", num_children: 1, converted_type: "LIST" },
    { name: "list", repetition_type: "REPEATED", num_children: 1 },
  ]).flat()
  const path = [...groups.map((group) => group.name), "element"]
  const column: ColumnSketch = { element: { ...element, name: "element" }, pages: [...before, page], path }
  return { column, rows, schema: [...groups, { ...element, name: "element" }] }
}

function nestedFile(parts: readonly ReturnType<typeof nested>[]): HostileCase {
  const schema = [{ name: "root", num_children: parts.length }, ...parts.flatMap((part) => part.schema)]
  return read(parquetBytes({ columns: parts.map(({ column }) => column), rows: parts[0]?.rows ?? 0, schema }))
}

const bits = (max: number): number => 32 - Math.clz32(max)
const levelBytes = (max: number): number => Math.ceil(bits(max) / 8)

/** Rows that each have an empty list. */
const emptyLists = (rows: number) => data(rows, [...levels(run(rows, 0)), ...levels(run(rows, 1))])

/** One row with a nested list of nulls. */
const nullsIn = (depth: number, values: number): PageSketch => {
  const inner = [...run(1, 0, levelBytes(depth)), ...run(values - 1, depth, levelBytes(depth))]
  return data(values, [...levels(inner), ...levels(run(values, 2 * depth, levelBytes(2 * depth)))])
}

/** A file that consists of a footer. */
function footer(bytes: Uint8Array): HostileCase {
  const tail = Buffer.alloc(8)
  tail.writeUInt32LE(bytes.length)
  tail.write("PAR1", 4)
  return read(Buffer.concat([Buffer.from("PAR1"), bytes, tail]))
}

/** A Thrift struct with one list of empty structs. */
const emptyStructs = (field: number, count: number) =>
  Buffer.concat([Buffer.from([(field << 4) | 9, 0xfc, ...varint(count)]), Buffer.alloc(count + 1)])

export const bombs: { readonly [kind: string]: Bomb } = {
  "empty texts with lengths in differences of no bits": {
    sizes: [100_000, 4 * miB, 16 * miB],
    ends: [100_000, 4 * miB, "LIMIT_EXCEEDED"],
    make: (rows) => one({ element: text, pages: [data(rows, steps(rows, 0, 0), "DELTA_LENGTH_BYTE_ARRAY")] }, rows),
  },
  "columns of empty texts": {
    sizes: [3, 20, 300],
    ends: [4 * million, "LIMIT_EXCEEDED", "LIMIT_EXCEEDED"],
    make: (count) => {
      const rows = 4 * million
      const page = data(rows, steps(rows, 0, 0), "DELTA_LENGTH_BYTE_ARRAY")
      return read(parquetBytes({ columns: columns(count, { element: text, pages: [page] }), rows }))
    },
  },
  "integers in differences of no bits": {
    sizes: [100_000, 4 * miB, 16 * miB],
    ends: [100_000, 4 * miB, "LIMIT_EXCEEDED"],
    make: (rows) => one({ element: int, pages: [data(rows, steps(rows, 7, 3), "DELTA_BINARY_PACKED")] }, rows),
  },
  "a long text in every row": {
    sizes: [100, 4000, 4 * miB],
    ends: [100, "LIMIT_EXCEEDED", "LIMIT_EXCEEDED"],
    make: (rows) =>
      one(
        { element: text, codec: "GZIP", pages: repeated(plainTexts([Buffer.alloc(miB, "a")]), rows).map((page) => packed(page, gzipSync)) },
        rows,
      ),
  },
  "texts that each extend the text before": {
    sizes: [1000, 10_000, 200_000],
    ends: [1000, 10_000, "LIMIT_EXCEEDED"],
    make: (rows) => {
      const body = [...steps(rows, 0, 1), ...steps(rows, 1, 0)]
      return one(
        { element: text, pages: [data(rows, Buffer.concat([Buffer.from(body), Buffer.alloc(rows, "a")]), "DELTA_BYTE_ARRAY")] },
        rows,
      )
    },
  },
  "texts that each equal the text before": {
    sizes: [100, 3000, 4 * miB],
    ends: [100, "LIMIT_EXCEEDED", "LIMIT_EXCEEDED"],
    make: (rows) => {
      // The first text is stored in full, and the others share all of it.
      const length = 500_000
      const body = Buffer.concat([
        Buffer.from([...stepOnce(rows, 0, length), ...stepOnce(rows, length, -length)]),
        Buffer.alloc(length, "b"),
      ])
      return one({ element: text, codec: "GZIP", pages: [packed(data(rows, body, "DELTA_BYTE_ARRAY"), gzipSync)] }, rows)
    },
  },
  "decimals of sixteen thousand digits": {
    sizes: [1000, 100_000, 4 * miB],
    ends: [1000, "LIMIT_EXCEEDED", "LIMIT_EXCEEDED"],
    make: (rows) =>
      one(
        { element: { ...int, converted_type: "DECIMAL", scale: 16_383, precision: 9 }, pages: repeated(Uint8Array.of(1, 2, 3, 4), rows) },
        rows,
      ),
  },
  "empty lists": {
    sizes: [100_000, 4 * million, 40 * million],
    ends: [100_000, 4 * million, "LIMIT_EXCEEDED"],
    make: (rows) => nestedFile([nested(1, { ...int, repetition_type: "OPTIONAL" }, emptyLists(rows), rows)]),
  },
  "columns of empty lists": {
    sizes: [4, 100, 1000],
    ends: [million, "LIMIT_EXCEEDED", "LIMIT_EXCEEDED"],
    make: (count) =>
      nestedFile(
        Array.from({ length: count }, (_, at) =>
          nested(1, { ...int, repetition_type: "OPTIONAL" }, emptyLists(million), million, `x${at}`),
        ),
      ),
  },
  "a row of nulls in lists in lists": {
    sizes: [2, 8, 31],
    ends: [1, "LIMIT_EXCEEDED", "LIMIT_EXCEEDED"],
    make: (depth) => nestedFile([nested(depth, { ...int, repetition_type: "OPTIONAL" }, nullsIn(depth, 100_000), 1)]),
  },
  "columns of a row of nulls in a list": {
    sizes: [2, 100, 1000],
    ends: [1, "LIMIT_EXCEEDED", "LIMIT_EXCEEDED"],
    make: (count) =>
      nestedFile(
        Array.from({ length: count }, (_, at) => nested(1, { ...int, repetition_type: "OPTIONAL" }, nullsIn(1, 100_000), 1, `x${at}`)),
      ),
  },
  "a row with a list that repeats a long text": {
    sizes: [100, 1000, 100_000],
    ends: [1, "LIMIT_EXCEEDED", "LIMIT_EXCEEDED"],
    make: (values) => {
      const [dictionary, codes] = repeated(plainTexts([Buffer.alloc(100_000, "a")]), values)
      if (dictionary === undefined || codes === undefined) throw new Error("no pages")
      const body = [...levels([...run(1, 0), ...run(values - 1, 1)]), ...levels(run(values, 2)), ...codes.body]
      return nestedFile([nested(1, { ...text, repetition_type: "REQUIRED" }, data(values, body, "RLE_DICTIONARY"), 1, "x", [dictionary])])
    },
  },
  "a run of millions of booleans": {
    sizes: [1000, million, 4 * million],
    ends: [1000, million, 4 * million],
    make: (rows) => one({ element: { ...int, type: "BOOLEAN" }, pages: [data(rows, levels(run(2 ** 31, 1)), "RLE")] }, rows),
  },
  "levels of two runs, in many columns": {
    sizes: [4, 100, 1600],
    ends: [million, "LIMIT_EXCEEDED", "LIMIT_EXCEEDED"],
    make: (count) => {
      const page = data(million, [...levels([...run(million - 1, 0), ...run(1, 1)]), 1, 0, 0, 0])
      const element: SchemaElement = { ...int, repetition_type: "OPTIONAL" }
      return read(parquetBytes({ columns: columns(count, { element, pages: [page] }), rows: million }))
    },
  },
  "empty runs": {
    sizes: [1000, million, 20 * million],
    ends: ["FILE_CORRUPT", "FILE_CORRUPT", "FILE_CORRUPT"],
    make: (bytes) => {
      const page = data(10, [...levels([]), ...new Uint8Array(0)])
      const body = Buffer.alloc(bytes + 4)
      body.writeUInt32LE(bytes)
      const element: SchemaElement = { ...int, repetition_type: "OPTIONAL" }
      return one({ element, codec: "GZIP", pages: [packed({ ...page, body }, gzipSync)] }, 10)
    },
  },
  "missing byte streams": {
    sizes: [1000, million, 4 * million],
    ends: ["FILE_CORRUPT", "FILE_CORRUPT", "FILE_CORRUPT"],
    make: (rows) => one({ element: int, pages: [data(rows, new Uint8Array(40), "BYTE_STREAM_SPLIT")] }, rows),
  },
  "missing plain values": {
    sizes: [1000, million, 4 * million],
    ends: ["FILE_CORRUPT", "FILE_CORRUPT", "FILE_CORRUPT"],
    make: (rows) => one({ element: text, pages: [data(rows, new Uint8Array(40))] }, rows),
  },
  "a zstd page that unpacks to more than it states": {
    sizes: [1, 100, 7000],
    ends: ["FILE_CORRUPT", "FILE_CORRUPT", "FILE_CORRUPT"],
    make: (blocks) => {
      const body = zstdFrame(Array.from({ length: blocks }, (_, at) => zstdRun(131_072, at === blocks - 1)))
      return one({ element: int, codec: "ZSTD", pages: [{ ...data(4, body), unpacked: 16 }] }, 4)
    },
  },
  "a zstd page that unpacks to much, as it states": {
    sizes: [16, 300, 1000],
    ends: [4, 4, "LIMIT_EXCEEDED"],
    make: (blocks) => {
      const body = zstdFrame(Array.from({ length: blocks }, (_, at) => zstdRun(131_072, at === blocks - 1)))
      return one({ element: int, codec: "ZSTD", pages: [{ ...data(4, body), unpacked: blocks * 131_072 }] }, 4)
    },
  },
  "a zstd frame with a large window": {
    sizes: [0x50, 0xa0, 0xff],
    ends: [4, 4, 4],
    make: (window) =>
      one({ element: int, codec: "ZSTD", pages: [{ ...data(4, zstdFrame([zstdRun(16, true)], window)), unpacked: 16 }] }, 4),
  },
  "a zstd block of copies that take no bits": {
    sizes: [1000, 30_000, 90_000],
    ends: ["FILE_CORRUPT", "FILE_CORRUPT", "FILE_CORRUPT"],
    make: (sequences) =>
      one({ element: int, codec: "ZSTD", pages: [{ ...data(4, zstdFrame([zstdCopies(sequences, 31, true)])), unpacked: 20 * miB }] }, 4),
  },
  "zstd frames without blocks": {
    sizes: [1000, 100_000, million],
    ends: ["FILE_CORRUPT", "FILE_CORRUPT", "FILE_CORRUPT"],
    make: (frames) => {
      const frame = zstdFrame([[1, 0, 0]])
      const body = Buffer.alloc(frame.length * frames, frame)
      return one({ element: int, codec: "ZSTD", pages: [{ ...data(4, body), unpacked: 16 }] }, 4)
    },
  },
  "an LZ4 copy beyond the page": {
    sizes: [10, 100_000, million],
    ends: ["FILE_CORRUPT", "FILE_CORRUPT", "FILE_CORRUPT"],
    make: (length) => {
      const body = Buffer.concat([Buffer.from([0x1f, 0x61, 1, 0]), Buffer.alloc(length, 255), Buffer.from([0])])
      return one({ element: int, codec: "LZ4_RAW", pages: [{ ...data(4, body), unpacked: 16 }] }, 4)
    },
  },
  "Snappy data that states more than its page": {
    sizes: [100, 100 * million, 2 ** 32 - 1],
    ends: ["FILE_CORRUPT", "FILE_CORRUPT", "FILE_CORRUPT"],
    make: (length) => one({ element: int, codec: "SNAPPY", pages: [{ ...data(4, [...varint(length), 0x3c, 1]), unpacked: 16 }] }, 4),
  },
  "large pages with one value each": {
    sizes: [4, 60, 600],
    ends: [4, "LIMIT_EXCEEDED", "LIMIT_EXCEEDED"],
    make: (pages) => {
      const page = packed(data(1, new Uint8Array(8 * miB)), gzipSync)
      return one({ element: int, codec: "GZIP", pages: Array.from({ length: pages }, () => page) }, pages)
    },
  },
  "large pages with one batch each": {
    sizes: [4, 16, 600],
    ends: [4 * 8192, 16 * 8192, "LIMIT_EXCEEDED"],
    make: (pages) => {
      const page = packed(data(8192, new Uint8Array(8 * miB)), gzipSync)
      return one({ element: int, codec: "GZIP", pages: Array.from({ length: pages }, () => page) }, pages * 8192)
    },
  },
  "large pages in brotli": {
    sizes: [4, 60, 600],
    ends: [4, "LIMIT_EXCEEDED", "LIMIT_EXCEEDED"],
    make: (pages) => {
      const page = packed(data(1, new Uint8Array(8 * miB)), (bytes) => brotliCompressSync(bytes, { params: {} }))
      return one({ element: int, codec: "BROTLI", pages: Array.from({ length: pages }, () => page) }, pages)
    },
  },
  "row groups that share the same bytes": {
    sizes: [100, 3000, 32_000],
    ends: [100, 3000, 32_000],
    make: (count) => {
      const lie = (footer: FileMetaData): FileMetaData => {
        const [group] = footer.row_groups
        if (group === undefined) throw new Error("no row group")
        return { ...footer, num_rows: BigInt(count), row_groups: Array.from({ length: count }, () => group) }
      }
      return read(parquetBytes({ columns: [{ element: int, pages: [data(1, [1, 0, 0, 0])] }], rows: 1, lie }))
    },
  },
  "columns of nulls alone": {
    sizes: [100, 1000, 4000],
    ends: [1000, 1000, 1000],
    make: (count) => {
      const page = data(1000, levels(run(1000, 0)))
      const element: SchemaElement = { ...int, repetition_type: "OPTIONAL" }
      return read(parquetBytes({ columns: columns(count, { element, pages: [page] }), rows: 1000 }))
    },
  },
  "integers that no double holds, by differences of no bits": {
    sizes: [100_000, 4 * miB, 16 * million],
    ends: [100_000, 4 * miB, 16 * million],
    make: (rows) => {
      const most = 4 * miB
      const pages = Array.from({ length: Math.ceil(rows / most) }, (_, at) => {
        const length = Math.min(most, rows - at * most)
        return data(length, steps(length, 2 ** 60, 2), "DELTA_BINARY_PACKED")
      })
      return one({ element: { ...int, type: "INT64" }, pages }, rows)
    },
  },
  "instants of 96 bits": {
    sizes: [million / 10, 4 * million, 16 * million],
    ends: [million / 10, 4 * million, "LIMIT_EXCEEDED"],
    make: (rows) => {
      const length = Math.min(rows, million)
      const page = packed(data(length, new Uint8Array(12 * length)), gzipSync)
      return one({ element: { ...int, type: "INT96" }, codec: "GZIP", pages: Array.from({ length: rows / length }, () => page) }, rows)
    },
  },
  "rows of a long list of nulls each": {
    sizes: [1, 4, 16],
    ends: [1, 4, 16],
    make: (rows) => {
      const values = miB / 4
      const repetitions = Array.from({ length: rows }, () => [...run(1, 0), ...run(values - 1, 1)]).flat()
      const page = data(rows * values, [...levels(repetitions), ...levels(run(rows * values, 2))])
      return nestedFile([nested(1, { ...int, repetition_type: "OPTIONAL" }, page, rows)])
    },
  },
  "a page for each null": {
    sizes: [1000, 10_000, 100_000],
    ends: [1000, 10_000, 100_000],
    make: (pages) => {
      const page = data(1, levels(run(1, 0)))
      return one({ element: { ...int, repetition_type: "OPTIONAL" }, pages: Array.from({ length: pages }, () => page) }, pages)
    },
  },
  "a text in every row that is no UTF-8": {
    sizes: [1000, 10_000, 130_000],
    ends: [1000, 10_000, 130_000],
    make: (rows) => one({ element: text, pages: repeated(plainTexts([Buffer.alloc(1000, 255)]), rows) }, rows),
  },
  "columns that share the same bytes": {
    sizes: [10, 1000, 16_000],
    ends: [10_000, "LIMIT_EXCEEDED", "LIMIT_EXCEEDED"],
    make: (count) => {
      const lie = (footer: FileMetaData): FileMetaData => {
        const [group] = footer.row_groups
        const meta = group?.columns[0]?.meta_data
        if (group === undefined || meta === undefined) throw new Error("no column")
        const all = Array.from({ length: count }, (_, at) => ({ file_offset: 4n, meta_data: { ...meta, path_in_schema: [`c${at}`] } }))
        const elements = all.map((_, at): SchemaElement => ({ ...text, name: `c${at}` }))
        return { ...footer, schema: [{ name: "root", num_children: count }, ...elements], row_groups: [{ ...group, columns: all }] }
      }
      const page = data(10_000, plainTexts(Array.from({ length: 10_000 }, () => Buffer.alloc(100, "a"))))
      return read(parquetBytes({ columns: [{ element: text, pages: [page] }], rows: 10_000, lie }))
    },
  },
  "a footer of empty row groups": {
    sizes: [1000, 32_767, million],
    ends: ["FILE_CORRUPT", "FILE_CORRUPT", "LIMIT_EXCEEDED"],
    make: (count) => footer(Buffer.concat([Buffer.from([0x36, 0]), emptyStructs(1, count)])),
  },
  "a footer of empty schema elements": {
    sizes: [1000, million, 15 * million],
    ends: ["FILE_CORRUPT", "LIMIT_EXCEEDED", "LIMIT_EXCEEDED"],
    make: (count) => footer(emptyStructs(2, count)),
  },
  "a footer of unknown fields": {
    sizes: [1000, million, 15 * million],
    ends: ["FILE_CORRUPT", "FILE_CORRUPT", "FILE_CORRUPT"],
    make: (count) => footer(emptyStructs(12, count)),
  },
  "a long name above many columns": {
    sizes: [10, 1000, 16_000],
    ends: [0, "LIMIT_EXCEEDED", "LIMIT_EXCEEDED"],
    make: (count) => {
      const elements = Array.from({ length: count }, (_, at): SchemaElement => ({ ...int, name: `c${at}` }))
      const schema: SchemaElement[] = [
        { name: "root", num_children: 1 },
        { name: "n".repeat(200_000), repetition_type: "OPTIONAL", num_children: count },
        ...elements,
      ]
      return read(parquetBytes({ columns: [], rows: 0, schema, lie: (meta) => ({ ...meta, row_groups: [] }) }))
    },
  },
}

/** All files by name, one for each size. */
export const cases: HostileCases = Object.fromEntries(
  Object.entries(bombs).flatMap(([kind, { sizes, make }]) => sizes.map((size) => [`${kind}: ${size}`, () => make(size)])),
)
