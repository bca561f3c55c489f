import fc from "fast-check"
import { type FileMetaData, parquetSchema, type SchemaElement } from "hyparquet"
import { type ColumnSource, parquetWriteBuffer } from "hyparquet-writer"
import { expect, test } from "vitest"
import { assembleColumn } from "../../../src/parsers/parquet/assemble-column.ts"
import { nestedNode } from "../../../src/parsers/parquet/nested-node.ts"
import { NestedReader } from "../../../src/parsers/parquet/nested-reader.ts"
import { parquet } from "../../../src/parsers/parquet/parquet.ts"
import { chunkedFile } from "../chunked-file.ts"
import { readTable } from "../read-table.ts"

const optional = { repetition_type: "OPTIONAL" } as const
const text = { type: "BYTE_ARRAY", converted_type: "UTF8", ...optional } as const

const list = (name: string, ...element: SchemaElement[]): SchemaElement[] => [
  { name, ...optional, converted_type: "LIST", num_children: 1 },
  { name: "list", repetition_type: "REPEATED", num_children: 1 },
  ...element,
]
const map = (name: string, ...value: SchemaElement[]): SchemaElement[] => [
  { name, ...optional, converted_type: "MAP", num_children: 1 },
  { name: "key_value", repetition_type: "REPEATED", num_children: 2 },
  { name: "key", type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "REQUIRED" },
  ...value,
]

async function read(columnData: ColumnSource[], schema: readonly SchemaElement[], options: { batchRows?: number; pageSize?: number } = {}) {
  const root: SchemaElement = { name: "root", num_children: columnData.length }
  const { batchRows = 8192, pageSize = 1 << 20 } = options
  const bytes = parquetWriteBuffer({ columnData, schema: [root, ...schema], statistics: false, pageSize })
  return readTable(parquet(), chunkedFile(new Uint8Array(bytes)), { batchRows })
}

/** A nested type: its schema, and an arbitrary for its values. */
interface Kind {
  readonly elements: (name: string) => SchemaElement[]
  readonly values: fc.Arbitrary<unknown>
}

const orNull = (values: fc.Arbitrary<unknown>) => fc.option(values, { freq: 3, nil: null })
const kinds = fc.letrec<{ kind: Kind }>((tie) => ({
  kind: fc.oneof(
    { depthSize: "small", maxDepth: 3 },
    fc.constant<Kind>({ elements: (name) => [{ name, type: "INT32", ...optional }], values: orNull(fc.integer({ min: -9, max: 9 })) }),
    fc.constant<Kind>({ elements: (name) => [{ name, ...text }], values: orNull(fc.constantFrom("", "a", "\u00e9")) }),
    tie("kind").map<Kind>(({ elements, values }) => ({
      elements: (name) => list(name, ...elements("element")),
      values: orNull(fc.array(values, { maxLength: 3 })),
    })),
    tie("kind").map<Kind>(({ elements, values }) => ({
      elements: (name) => map(name, ...elements("value")),
      values: orNull(fc.dictionary(fc.constantFrom("a", "b", "c"), values, { maxKeys: 3, noNullPrototype: true })),
    })),
    fc.tuple(tie("kind"), tie("kind")).map<Kind>(([one, other]) => ({
      elements: (name) => [{ name, ...optional, num_children: 2 }, ...one.elements("x"), ...other.elements("y")],
      values: orNull(fc.record({ x: one.values, y: other.values }, { noNullPrototype: true })),
    })),
  ),
}))

test("nested lists, maps and structs are read as they were written, in pages and batches of any length", async () => {
  const tables = kinds.kind.chain((kind) =>
    fc.tuple(fc.constant(kind), fc.array(orNull(fc.array(kind.values, { maxLength: 3 })), { minLength: 1, maxLength: 20 })),
  )
  await fc.assert(
    fc.asyncProperty(
      tables,
      fc.integer({ min: 1, max: 20 }),
      fc.constantFrom(8, 40, 1 << 20),
      async ([kind, data], batchRows, pageSize) => {
        const { rows } = await read([{ name: "column", data }], list("column", ...kind.elements("element")), { batchRows, pageSize })
        expect(rows.map(([cell]) => cell)).toEqual(data)
      },
    ),
    { numRuns: 120 },
  )
})

test("the fields of a struct are columns, also if one of them is a list", async () => {
  const schema: SchemaElement[] = [
    { name: "order", ...optional, num_children: 3 },
    { name: "__proto__", type: "INT32", ...optional },
    { name: "at", type: "INT32", converted_type: "DATE", ...optional },
    ...list("tags", { name: "element", ...text }),
  ]
  const data = [{ at: 1, tags: ["x"] }, null, { at: null, tags: [] }].map(
    (each) => each && Object.defineProperty(each, "__proto__", { value: each.at, enumerable: true }),
  )
  const { header, rows, batches } = await read([{ name: "order", data }], schema)
  expect(header).toEqual(["order.__proto__", "order.at", "order.tags"])
  expect(rows).toEqual([
    [1, new Date(86_400_000), ["x"]],
    [null, null, null],
    [null, null, []],
  ])
  expect(batches[0]?.columns["order.at"]?.kind).toBe("date")
})

test("keys of maps and names of fields such as __proto__ are kept and do not reach a prototype", async () => {
  const maps = [JSON.parse('{"__proto__":7,"a":1}'), { constructor: 2 }]
  const { rows } = await read([{ name: "m", data: maps }], map("m", { name: "value", type: "INT32", ...optional }))
  expect(rows.map(([cell]) => JSON.stringify(cell))).toEqual(['{"__proto__":7,"a":1}', '{"constructor":2}'])
  const structs = list("l", { name: "element", ...optional, num_children: 1 }, { name: "__proto__", type: "INT32", ...optional })
  const read2 = await read([{ name: "l", data: [[JSON.parse('{"__proto__":3}')]] }], structs)
  expect(JSON.stringify(read2.rows)).toBe('[[[{"__proto__":3}]]]')
})

test("invalid texts in lists are issues of their rows, one for each row", async () => {
  const bad = Uint8Array.of(0x61, 0xff)
  const data = [["ok"], [bad, bad], [Buffer.from("a\0b"), "ok"], null]
  const { rows, issues } = await read([{ name: "l", data }], list("l", { name: "element", ...text }))
  expect(rows.map(([cell]) => cell)).toEqual([["ok"], ["a\ufffd", "a\ufffd"], ["a\0b", "ok"], null])
  expect(issues).toEqual(["1: text.invalid_utf8 l", "2: text.nul l"])
})

test("in lists, NaN, infinities and instants beyond the range of Date are text", async () => {
  const doubles = await read(
    [{ name: "l", data: [[Number.NaN, 1.5, Number.NEGATIVE_INFINITY]] }],
    list("l", { name: "element", type: "DOUBLE", ...optional }),
  )
  expect(doubles.rows).toEqual([[["NaN", 1.5, "-Infinity"]]])
  const instant: SchemaElement = { name: "element", type: "INT64", converted_type: "TIMESTAMP_MILLIS", ...optional }
  const instants = await read([{ name: "l", data: [[0n, 2n ** 60n]] }], list("l", instant))
  expect(instants.rows).toEqual([[["1970-01-01T00:00:00.000Z", "1152921504606846976"]]])
})

/** Rows from levels and values, for schemas that the test's writer cannot write. */
function rowsOf(
  schema: readonly SchemaElement[],
  leaves: readonly { definitions: number[]; repetitions: number[]; values: number[] }[],
  rows: number,
) {
  const tree = parquetSchema({ schema: [{ name: "root", num_children: 1 }, ...schema] } as FileMetaData).children[0]
  const node = tree === undefined ? undefined : nestedNode(tree, { definition: 0, repetition: 0, first: 0 })
  if (node === undefined) throw new Error("no column")
  const readers = leaves.map(({ definitions, repetitions, values }) => {
    const maxDefinition = Math.max(...definitions)
    const page = {
      length: definitions.length,
      maxDefinition,
      definitions: Uint8Array.from(definitions),
      repetitions: Uint8Array.from(repetitions),
      values,
      dictionary: undefined,
    }
    const type = { kind: "number", read: Number, textBase: 0, textPerByte: 0 } as const
    return new NestedReader([{ page, from: 0, to: page.length, value: 0, present: values.length }], type, () => {})
  })
  return assembleColumn(node, readers, rows)
}

test.each<[string, SchemaElement[], unknown]>([
  ["a repeated value", [{ name: "x", type: "INT32", repetition_type: "REPEATED" }], [[1, 2], [3]]],
  [
    "a list whose repeated part is the element",
    [
      { name: "x", repetition_type: "REQUIRED", converted_type: "LIST", num_children: 1 },
      { name: "item", type: "INT32", repetition_type: "REPEATED" },
    ],
    [[1, 2], [3]],
  ],
  [
    "a list of structs of one field, as Avro names them",
    [
      { name: "x", repetition_type: "REQUIRED", converted_type: "LIST", num_children: 1 },
      { name: "array", repetition_type: "REPEATED", num_children: 1 },
      { name: "n", type: "INT32", repetition_type: "REQUIRED" },
    ],
    [[{ n: 1 }, { n: 2 }], [{ n: 3 }]],
  ],
  [
    "a list of structs of one field, as Thrift names them",
    [
      { name: "x", repetition_type: "REQUIRED", converted_type: "LIST", num_children: 1 },
      { name: "x_tuple", repetition_type: "REPEATED", num_children: 1 },
      { name: "n", type: "INT32", repetition_type: "REQUIRED" },
    ],
    [[{ n: 1 }, { n: 2 }], [{ n: 3 }]],
  ],
  [
    "a list by its logical type alone",
    [
      { name: "x", repetition_type: "REQUIRED", logical_type: { type: "LIST" }, num_children: 1 },
      { name: "list", repetition_type: "REPEATED", num_children: 1 },
      { name: "element", type: "INT32", repetition_type: "REQUIRED" },
    ],
    [[1, 2], [3]],
  ],
])("%s is a list", (_, schema, expected) => {
  expect(rowsOf(schema, [{ definitions: [1, 1, 1], repetitions: [0, 1, 0], values: [1, 2, 3] }], 2)).toEqual(expected)
})

test("stored columns that disagree about a struct are FILE_CORRUPT", () => {
  const structs: SchemaElement[] = [
    { name: "x", repetition_type: "REPEATED", num_children: 2 },
    { name: "a", type: "INT32", repetition_type: "REQUIRED" },
    { name: "b", type: "INT32", repetition_type: "REQUIRED" },
  ]
  const two = { definitions: [1, 1], repetitions: [0, 1], values: [1, 2] }
  expect(rowsOf(structs, [two, two], 1)).toEqual([
    [
      { a: 1, b: 1 },
      { a: 2, b: 2 },
    ],
  ])
  const three = { definitions: [1, 1, 1], repetitions: [0, 1, 1], values: [1, 2, 3] }
  expect(() => rowsOf(structs, [two, three], 1)).toThrow(/different numbers of values/)
  expect(() => rowsOf(structs, [three, two], 1)).toThrow(/ends before its rows/)
  const none = { definitions: [0, 1], repetitions: [0, 0], values: [1] }
  expect(() => rowsOf(structs, [none, two], 1)).toThrow(/disagree about which values/)
})

test("a variant is refused, and the error names the type", async () => {
  const schema: SchemaElement[] = [
    { name: "v", ...optional, num_children: 2, logical_type: { type: "VARIANT" } },
    { name: "metadata", type: "BYTE_ARRAY", repetition_type: "REQUIRED" },
    { name: "value", type: "BYTE_ARRAY", repetition_type: "REQUIRED" },
  ]
  const data = [{ metadata: Uint8Array.of(1, 0, 0), value: Uint8Array.of(0) }]
  await expect(read([{ name: "v", data }], schema)).rejects.toMatchObject({
    code: "FORMAT_UNSUPPORTED",
    message: expect.stringContaining("VARIANT"),
  })
})
