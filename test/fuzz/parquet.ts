import type { Encoding, SchemaElement } from "hyparquet"
import { type ColumnSource, parquetWriteBuffer } from "hyparquet-writer"
import { RowgateError } from "../../src/errors/rowgate-error.ts"
import { parquet } from "../../src/parsers/parquet/parquet.ts"
import { chunkedFile } from "../parsers/chunked-file.ts"
import { readTable } from "../parsers/read-table.ts"
import type { FuzzResult } from "./fuzz.ts"
import type { Random } from "./random.ts"

/** Reads a file, which must be read as it was written, or a damaged one, which must give rows or a code. */
export async function tryParquet(random: Random): Promise<FuzzResult> {
  const columns = [ints(random), longs(random), texts(random), flags(random), doubles(random), lists(random)].slice(0, 1 + random.below(6))
  const sound = new Uint8Array(
    parquetWriteBuffer({
      columnData: columns.map(({ column }) => column),
      schema: [{ name: "root", num_children: columns.length }, ...columns.flatMap(({ schema }) => schema)],
      pageSize: random.pick([20, 300, 1 << 20]),
      rowGroupSize: random.pick([3, 20, 1000]),
      codec: random.pick(["UNCOMPRESSED", "SNAPPY"]),
    }),
  )
  const batchRows = 1 + random.below(50)
  if (random.chance(0.4)) {
    const { outcome, text } = await read(sound, batchRows)
    const expected = JSON.stringify(Array.from({ length: rowCount }, (_, row) => columns.map(({ cells }) => cells[row] ?? null)))
    return {
      outcome: `sound ${outcome}`,
      failure: text === expected ? undefined : `was not read as written: ${text.slice(0, 300)} / ${expected.slice(0, 300)}`,
    }
  }
  const { outcome } = await read(damage(sound, random), batchRows)
  return { outcome, failure: undefined }
}

async function read(bytes: Uint8Array, batchRows: number): Promise<{ outcome: string; text: string }> {
  try {
    const { rows } = await readTable(parquet(), chunkedFile(bytes), { batchRows })
    return { outcome: "rows", text: JSON.stringify(rows) }
  } catch (error) {
    if (error instanceof RowgateError) return { outcome: error.code, text: error.message }
    throw error
  }
}

/** Damages a file, mostly near its end, where the footer is. */
function damage(sound: Uint8Array, random: Random): Uint8Array {
  const bytes = Uint8Array.from(sound)
  for (let times = random.below(4); times >= 0; times--) {
    const at = random.chance(0.6) ? bytes.length - 1 - random.below(Math.min(bytes.length, 600)) : random.below(bytes.length)
    bytes[at] = random.pick([random.below(256), 0, 0x7f, 0x80, 0xff, (bytes[at] ?? 0) ^ 1])
    if (random.chance(0.1)) bytes.fill(random.below(256), at, at + random.below(20))
  }
  return random.chance(0.05) ? bytes.slice(random.below(10), random.below(bytes.length)) : bytes
}

const rowCount = 40

interface Written {
  readonly column: ColumnSource
  readonly schema: readonly SchemaElement[]
  /** The cells that must be read. */
  readonly cells: readonly unknown[]
}

function written(random: Random, element: SchemaElement, make: () => unknown, encodings: readonly Encoding[]): Written {
  const cells = Array.from({ length: rowCount }, () => (random.chance(0.2) ? null : make()))
  const schema = [{ ...element, repetition_type: "OPTIONAL" as const }]
  return { column: { name: element.name, data: cells, encoding: random.pick(encodings) }, schema, cells }
}

const ints = (random: Random) =>
  written(random, { name: "int", type: "INT32" }, () => random.below(1000) - 500, [
    "PLAIN",
    "DELTA_BINARY_PACKED",
    "BYTE_STREAM_SPLIT",
    "RLE_DICTIONARY",
  ])

function longs(random: Random): Written {
  const long = written(random, { name: "long", type: "INT64" }, () => random.below(1_000_000), [
    "PLAIN",
    "DELTA_BINARY_PACKED",
    "RLE_DICTIONARY",
  ])
  const data = long.cells.map((cell) => (typeof cell === "number" ? BigInt(cell) : null))
  return { ...long, column: { ...long.column, data } }
}

const texts = (random: Random) =>
  written(
    random,
    { name: "text", type: "BYTE_ARRAY", converted_type: "UTF8" },
    // Half of the texts share a prefix, for the encoding DELTA_BYTE_ARRAY.
    () =>
      random.chance(0.5) ? `a shared start ${random.below(99)}` : random.pick(["", "a", "abc", "abd", "\u00e9", `x${random.below(9)}`]),
    ["PLAIN", "DELTA_LENGTH_BYTE_ARRAY", "DELTA_BYTE_ARRAY", "RLE_DICTIONARY"],
  )

const flags = (random: Random) => written(random, { name: "flag", type: "BOOLEAN" }, () => random.chance(0.5), ["PLAIN", "RLE"])
const doubles = (random: Random) => written(random, { name: "double", type: "DOUBLE" }, () => random.next(), ["PLAIN", "BYTE_STREAM_SPLIT"])

function lists(random: Random): Written {
  const cells = Array.from({ length: rowCount }, () =>
    random.chance(0.2) ? null : random.list(3, () => (random.chance(0.2) ? null : random.below(9))),
  )
  const schema: SchemaElement[] = [
    { name: "list", converted_type: "LIST", repetition_type: "OPTIONAL", num_children: 1 },
    { name: "list", repetition_type: "REPEATED", num_children: 1 },
    { name: "element", type: "INT32", repetition_type: "OPTIONAL" },
  ]
  return { column: { name: "list", data: cells }, schema, cells }
}
