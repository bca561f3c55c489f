import { brotliCompressSync, gzipSync } from "node:zlib"
import type { FileMetaData, SchemaElement } from "hyparquet"
import { ByteWriter, parquetWriteBuffer } from "hyparquet-writer"
import { serializeTCompactProtocol } from "hyparquet-writer/src/thrift.js"
import { parquet } from "../../../src/parsers/parquet/parquet.ts"
import { fileOf, type HostileCase, type HostileCases } from "../hostile-case.ts"
import { type ColumnSketch, type PageSketch, parquetBytes } from "./parquet-bytes.ts"

const miB = 1024 ** 2
const million = 1_000_000

const int: SchemaElement = { name: "x", type: "INT32", repetition_type: "REQUIRED" }
const optional: SchemaElement = { name: "x", type: "INT32", repetition_type: "OPTIONAL" }
const text: SchemaElement = { name: "x", type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "REQUIRED" }

const read = (bytes: Uint8Array): HostileCase => ({ parser: parquet(), file: fileOf(bytes) })
const ints = (count: number): PageSketch => ({ kind: "data", values: count, body: new Uint8Array(4 * count) })
const sound = (): Uint8Array =>
  new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        { name: "id", data: Array.from({ length: 2000 }, (_, at) => at), type: "INT32" },
        { name: "name", data: Array.from({ length: 2000 }, (_, at) => `name ${at % 50}`), type: "STRING" },
      ],
      rowGroupSize: 500,
    }),
  )
const one = (column: ColumnSketch, rows: number | bigint, lie?: (footer: FileMetaData) => FileMetaData): HostileCase =>
  read(parquetBytes({ columns: [column], rows, ...(lie === undefined ? {} : { lie }) }))
const lied = (lie: (footer: FileMetaData) => FileMetaData): HostileCase => one({ element: int, pages: [ints(10)] }, 10, lie)

/** A run of equal values in the hybrid encoding: its length, then the value. */
function run(length: number, value: number): number[] {
  const header: number[] = []
  let left = length * 2
  for (; left > 127; left = Math.floor(left / 128)) header.push((left % 128) | 128)
  return [...header, left, value]
}

/** A page of only nulls. */
function nulls(count: number): PageSketch {
  const levels = run(count, 0)
  return { kind: "data", values: count, body: Uint8Array.from([levels.length, 0, 0, 0, ...levels]) }
}

const bomb = (element: SchemaElement, codec: "GZIP" | "BROTLI", bytes: number, kind: "data" | "dictionary"): ColumnSketch => {
  const plain = Buffer.alloc(bytes)
  const body = codec === "GZIP" ? gzipSync(plain) : brotliCompressSync(plain)
  return { element, codec, pages: [{ kind, values: bytes / 4, body, unpacked: bytes }, ints(0)] }
}

const footerOf = (footer: Uint8Array): HostileCase => {
  const tail = Buffer.alloc(8)
  tail.writeUInt32LE(footer.length)
  tail.write("PAR1", 4)
  return read(Buffer.concat([Buffer.from("PAR1"), footer, tail]))
}

/** A file of one row with a list of nulls. */
function listOf(entries: number): HostileCase {
  const repetitions = [...run(1, 0), ...run(entries - 1, 1)]
  const definitions = run(entries, 2)
  const body = Uint8Array.from([repetitions.length, 0, 0, 0, ...repetitions, definitions.length, 0, 0, 0, ...definitions])
  const schema: SchemaElement[] = [
    { name: "root", num_children: 1 },
    { name: "x", repetition_type: "OPTIONAL", num_children: 1, converted_type: "LIST" },
    { name: "list", repetition_type: "REPEATED", num_children: 1 },
    { name: "element", type: "INT32", repetition_type: "OPTIONAL" },
  ]
  const lie = (footer: FileMetaData) => {
    for (const { meta_data: meta } of footer.row_groups[0]?.columns ?? [])
      if (meta !== undefined) meta.path_in_schema = ["x", "list", "element"]
    return footer
  }
  return read(parquetBytes({ columns: [{ element: int, pages: [{ kind: "data", values: entries, body }] }], rows: 1, schema, lie }))
}

/** A footer with only a schema, from the numbers of children of its elements. */
function schemaFooter(children: readonly number[]): Uint8Array {
  const writer = new ByteWriter()
  const elements = children.map((count) =>
    count === 0 ? { field_1: 1, field_3: 0, field_4: "x" } : { field_3: 1, field_4: "g", field_5: count },
  )
  serializeTCompactProtocol(writer, { field_1: 2, field_2: elements, field_3: 0n, field_4: [] })
  return writer.getBytes()
}

export const cases: HostileCases = {
  "a footer of four gigabytes": () => read(Buffer.concat([Buffer.from("PAR1"), Buffer.alloc(100), Buffer.from("ffffffff50415231", "hex")])),
  "a footer of 16.5 MiB": () => footerOf(Buffer.alloc(16.5 * miB)),
  "a footer of only opening structs": () => footerOf(Buffer.alloc(4 * miB, 0x1c)),
  "a footer with a list of two thousand million": () => footerOf(Buffer.from([0x29, 0xfc, 0xff, 0xff, 0xff, 0xff, 0x07, 0, 0])),
  "a footer with an integer that does not end": () => footerOf(Buffer.concat([Buffer.from([0x15]), Buffer.alloc(miB, 0xff)])),
  "a footer with a name of two gigabytes": () => footerOf(Buffer.from([0x29, 0x1c, 0x48, 0xff, 0xff, 0xff, 0xff, 0x07, 0, 0])),
  "a schema nested ten thousand deep": () => footerOf(schemaFooter([...new Array<number>(10_000).fill(1), 0])),
  "a schema that states more columns than it has": () => footerOf(schemaFooter([2_000_000_000, 0])),
  "a schema of a hundred thousand columns": () =>
    lied((footer) => ({
      ...footer,
      schema: [
        { name: "root", num_children: 100_000 },
        ...Array.from({ length: 100_000 }, (_, at): SchemaElement => ({ ...int, name: `c${at}` })),
      ],
    })),
  "column names such as __proto__": () =>
    read(
      new Uint8Array(
        parquetWriteBuffer({
          columnData: ["__proto__", "constructor", "toString"].map((name) => ({ name, data: [1], type: "INT32" as const })),
        }),
      ),
    ),
  "ten rows that are stated as two thousand million": () =>
    lied((footer) => ({ ...footer, row_groups: footer.row_groups.map((g) => ({ ...g, num_rows: 2n ** 31n })) })),
  "more rows than a safe integer": () =>
    lied((footer) => ({ ...footer, row_groups: footer.row_groups.map((g) => ({ ...g, num_rows: 2n ** 62n })) })),
  "a negative number of rows": () => lied((footer) => ({ ...footer, row_groups: footer.row_groups.map((g) => ({ ...g, num_rows: -5n })) })),
  "rows without columns": () =>
    lied((footer) => ({
      ...footer,
      schema: [{ name: "root", num_children: 0 }],
      row_groups: footer.row_groups.map((g) => ({ ...g, columns: [], num_rows: 2n ** 40n })),
    })),
  "sixty thousand row groups over the same rows": () =>
    lied((footer) => ({
      ...footer,
      row_groups: Array.from({ length: 60_000 }, () => footer.row_groups[0]).flatMap((g) => (g === undefined ? [] : [g])),
    })),
  "a page with a boolean as its number of values": () => one({ element: int, pages: [{ ...ints(10), values: false }] }, 10),
  "a column beyond the end of the file": () =>
    lied((footer) => {
      for (const { meta_data: meta } of footer.row_groups[0]?.columns ?? []) if (meta !== undefined) meta.data_page_offset = 2n ** 40n
      return footer
    }),
  "a column with an unknown compression": () =>
    one({ element: int, pages: [ints(10)] }, 10, (footer) => {
      for (const { meta_data: meta } of footer.row_groups[0]?.columns ?? []) if (meta !== undefined) meta.codec = "LZO"
      return footer
    }),
  "a page that is longer than its column": () => one({ element: int, pages: [{ ...ints(10), packed: 2_000_000_000 }] }, 10),
  "a page that unpacks to more than it states": () =>
    one({ element: int, codec: "GZIP", pages: [{ kind: "data", values: 10, body: gzipSync(Buffer.alloc(64 * miB)), unpacked: 40 }] }, 10),
  "a page that unpacks to less than it states": () =>
    one({ element: int, codec: "GZIP", pages: [{ kind: "data", values: 10, body: gzipSync(Buffer.alloc(8)), unpacked: 40 }] }, 10),
  "a page of two gigabytes": () => one({ element: int, codec: "GZIP", pages: [{ ...ints(10), unpacked: 2_000_000_000 }] }, 10),
  "a page that unpacks a thousandfold": () => one(bomb(int, "GZIP", 100 * miB, "data"), 25 * miB),
  "a dictionary that unpacks a thousandfold": () => one(bomb(int, "GZIP", 100 * miB, "dictionary"), 10),
  "a brotli page that unpacks to many times its size": () => one(bomb(int, "BROTLI", 120 * miB, "data"), 30 * miB),
  "two hundred columns with a page that unpacks a thousandfold": () => {
    const page = bomb(int, "GZIP", 9 * miB, "data").pages
    const columns = Array.from(
      { length: 200 },
      (_, at): ColumnSketch => ({ element: { ...int, name: `c${at}` }, codec: "GZIP", pages: page }),
    )
    return read(parquetBytes({ columns, rows: (9 * miB) / 4 }))
  },
  "two hundred columns with a dictionary that unpacks a thousandfold": () => {
    const [dictionary] = bomb(int, "GZIP", 9 * miB, "dictionary").pages
    const codes: PageSketch = {
      kind: "data",
      values: 10,
      body: gzipSync(Uint8Array.from([1, ...run(10, 0)])),
      unpacked: 3,
      encoding: "RLE_DICTIONARY",
    }
    const pages = dictionary === undefined ? [] : [dictionary, codes]
    const columns = Array.from({ length: 200 }, (_, at): ColumnSketch => ({ element: { ...int, name: `c${at}` }, codec: "GZIP", pages }))
    return read(parquetBytes({ columns, rows: 10 }))
  },
  "four million nulls in ten bytes": () => one({ element: optional, pages: [nulls(4 * million)] }, 4 * million),
  "a page with more nulls than the limit": () => one({ element: optional, pages: [nulls(100 * million)] }, 100 * million),
  "sixteen hundred columns of a million nulls": () => {
    const columns = Array.from(
      { length: 1600 },
      (_, at): ColumnSketch => ({ element: { ...optional, name: `c${at}` }, pages: [nulls(million)] }),
    )
    return read(parquetBytes({ columns, rows: 1000 }))
  },
  "one value four million times": () => {
    const dictionary: PageSketch = { kind: "dictionary", values: 1, body: new Uint8Array(4) }
    const body = Uint8Array.from([1, ...run(4 * million, 0)])
    return one({ element: int, pages: [dictionary, { kind: "data", values: 4 * million, body, encoding: "RLE_DICTIONARY" }] }, 4 * million)
  },
  "one boolean four million times": () => {
    const body = Uint8Array.from([6, 0, 0, 0, ...run(4 * million, 1)])
    const element: SchemaElement = { name: "x", type: "BOOLEAN", repetition_type: "REQUIRED" }
    return one({ element, pages: [{ kind: "data", values: 4 * million, body, encoding: "RLE" }] }, 4 * million)
  },
  "a list of four million nulls in one row": () => listOf(4 * million),
  "a list of a quarter of a million nulls in one row": () => listOf(260_000),
  "a hundred thousand empty pages": () => one({ element: int, pages: Array.from({ length: 100_000 }, () => ints(0)) }, 10),
  "a code that is not in the dictionary": () => {
    const dictionary: PageSketch = { kind: "dictionary", values: 1, body: new Uint8Array(4) }
    return one(
      {
        element: int,
        pages: [dictionary, { kind: "data", values: 9, body: Uint8Array.from([8, ...run(9, 200)]), encoding: "RLE_DICTIONARY" }],
      },
      9,
    )
  },
  "a text of ten bytes that states four gigabytes": () =>
    one({ element: text, pages: [{ kind: "data", values: 1, body: Buffer.from("ffffffff61616161", "hex") }] }, 1),
  "a text of two mebibytes": () => {
    const body = Buffer.alloc(4 + 2 * miB, "a")
    body.writeUInt32LE(2 * miB)
    return one({ element: text, pages: [{ kind: "data", values: 1, body }] }, 1)
  },
  "a file that is cut off": async () => {
    const whole = sound()
    for (let length = 0; length < whole.length - 1; length += 97) {
      const outcome = await outcomeOf(whole.subarray(0, length))
      if (outcome !== "FILE_TRUNCATED" && outcome !== "FILE_CORRUPT") throw new Error(`cut at ${length}: ${outcome}`)
    }
    return read(whole.subarray(0, whole.length - 1))
  },
}

async function outcomeOf(bytes: Uint8Array): Promise<unknown> {
  const { readContext } = await import("../../parsers/read-table.ts")
  try {
    for await (const _ of parquet().parse(fileOf(bytes), readContext()));
    return "read"
  } catch (error) {
    return error instanceof Error && "code" in error ? error.code : error
  }
}
