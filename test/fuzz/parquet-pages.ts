import { brotliCompressSync, gzipSync } from "node:zlib"
import type { CompressionCodec, SchemaElement } from "hyparquet"
import { RowgateError } from "../../src/errors/rowgate-error.ts"
import { parquet } from "../../src/parsers/parquet/parquet.ts"
import { type PageSketch, parquetBytes } from "../hostile/parquet/parquet-bytes.ts"
import { levels, packedIntegers, plainTexts, runsOf, varint } from "../hostile/parquet/stored-bytes.ts"
import { chunkedFile } from "../parsers/chunked-file.ts"
import { readContext } from "../parsers/read-table.ts"
import type { FuzzResult } from "./fuzz.ts"
import type { Random } from "./random.ts"

/** Most memory that reading a small file may take. */
const mostGrownBytes = 256 << 20

/**
 * Generates a column of pages: levels in runs and groups, values in any encoding and codec, over any number of pages. An undamaged column must be
 * read as it was written. One with changed headers, runs, lengths or bytes must give rows or a code, in bounded memory.
 */
export async function tryParquetPages(random: Random): Promise<FuzzResult> {
  const isSound = random.chance(0.4)
  const { element, make, encode } = random.pick(kinds)(random)
  const isOptional = random.chance(0.6)
  const codec = random.pick(codecs)
  const cells: unknown[] = []
  const pages: PageSketch[] = []
  const dictionary = random.chance(0.3) ? random.list(20, make) : []
  const hasDictionary = dictionary.length > 0
  if (hasDictionary)
    pages.push(
      damagedPage({ kind: "dictionary", values: dictionary.length, ...pack(codec, plainBytes(element, dictionary)) }, isSound, random),
    )
  for (let page = random.below(4); page >= 0; page--) {
    const own = random.list(200, () => (isOptional && random.chance(0.3) ? null : hasDictionary ? random.pick(dictionary) : make()))
    if (random.chance(0.2)) own.fill(own[0] ?? (isOptional ? null : hasDictionary ? dictionary[0] : make()))
    const values = own.filter((cell) => cell !== null)
    const { encoding, body } = hasDictionary ? coded(values, dictionary, random) : encode(values)
    const definitions = isOptional
      ? runsOf(
          own.map((cell) => (cell === null ? 0 : 1)),
          1,
          random,
        )
      : []
    const bytes = [...(isOptional ? levels(damagedBytes(definitions, isSound, random)) : []), ...damagedBytes(body, isSound, random)]
    pages.push(damagedPage({ kind: "data", values: own.length, encoding, ...pack(codec, Uint8Array.from(bytes)) }, isSound, random))
    cells.push(...own)
  }
  const rows = isSound || random.chance(0.7) ? cells.length : random.pick([0, 1, cells.length + 1, 4_000_000, 2 ** 31, 2 ** 53])
  const column = { element: { ...element, repetition_type: isOptional ? ("OPTIONAL" as const) : ("REQUIRED" as const) }, pages, codec }
  const file = parquetBytes({ columns: [column], rows })
  const before = process.memoryUsage().external + process.memoryUsage().heapUsed
  const { outcome, text } = await read(file, 1 + random.below(300))
  const grown = process.memoryUsage().external + process.memoryUsage().heapUsed - before
  if (grown > mostGrownBytes) return { outcome, failure: `grew by ${grown} bytes` }
  if (/Invalid|cannot be decoded|offset is out/.test(text) && outcome !== "rows")
    return { outcome, failure: `has a vague message: ${text}` }
  if (!isSound) return { outcome, failure: undefined }
  const expected = JSON.stringify(cells.map((cell) => [shown(element, cell)]))
  const isSame = outcome === "rows" && text === expected
  return {
    outcome: `sound ${outcome}`,
    failure: isSame ? undefined : `was not read as written: ${codec} ${element.type} ${text.slice(0, 300)} / ${expected.slice(0, 300)}`,
  }
}

async function read(bytes: Uint8Array, batchRows: number): Promise<{ outcome: string; text: string }> {
  try {
    let rows = ""
    let count = 0
    for await (const batch of parquet().parse(chunkedFile(bytes), readContext({ batchRows }))) {
      const names = batch.names
      // A damaged file may state millions of rows. Only the first are compared.
      if (count < 2000)
        for (let row = 0; row < batch.length; row++) rows += `,${JSON.stringify(names.map((name) => batch.columns[name]?.at(row) ?? null))}`
      count += batch.length
    }
    return { outcome: "rows", text: `[${rows.slice(1)}]` }
  } catch (error) {
    if (error instanceof RowgateError) return { outcome: error.code, text: error.message }
    throw error
  }
}

interface Kind {
  readonly element: SchemaElement
  readonly make: () => unknown
  readonly encode: (values: readonly unknown[]) => Encoded
}

interface Encoded {
  readonly encoding: NonNullable<PageSketch["encoding"]>
  readonly body: readonly number[] | Uint8Array
}

const codecs: readonly CompressionCodec[] = ["UNCOMPRESSED", "GZIP", "BROTLI", "ZSTD", "LZ4_RAW", "LZ4", "SNAPPY"]

const kinds: readonly ((random: Random) => Kind)[] = [
  (random) => {
    const element: SchemaElement = { name: "x", type: "INT32" }
    const small = random.chance(0.5)
    const make = () => (small ? random.below(20) : random.pick([random.below(1000) - 500, 2 ** 31 - 1, -(2 ** 31), 0]))
    return { element, make, encode: (values) => numbers(element, values, random) }
  },
  (random) => {
    const element: SchemaElement = { name: "x", type: "INT64" }
    const make = () => random.pick([BigInt(random.below(1000)) - 500n, 2n ** 63n - 1n, -(2n ** 63n), 0n, 2n ** 53n])
    return { element, make, encode: (values) => numbers(element, values, random) }
  },
  (random) => {
    const element: SchemaElement = { name: "x", type: "DOUBLE" }
    return { element, make: () => random.next(), encode: (values) => split(element, values, random) }
  },
  (random) => {
    const element: SchemaElement = { name: "x", type: "BYTE_ARRAY", converted_type: "UTF8" }
    const make = () => Buffer.from(random.pick(["", "a", "\u00e9", `shared start ${random.below(50)}`, "x".repeat(random.below(300))]))
    return { element, make, encode: (values) => texts(values as Buffer[], random) }
  },
  (random) => {
    const element: SchemaElement = { name: "x", type: "BOOLEAN" }
    const make = () => random.chance(0.5)
    return {
      element,
      make,
      encode: (values) => {
        const flags = values.map(Number)
        if (random.chance(0.5)) return { encoding: "RLE", body: levels(runsOf(flags, 1, random)) }
        return { encoding: "PLAIN", body: plainBytes(element, values) }
      },
    }
  },
]

function shown({ type }: SchemaElement, cell: unknown): unknown {
  if (typeof cell === "bigint") return Number.isSafeInteger(Number(cell)) ? Number(cell) : String(cell)
  return type === "BYTE_ARRAY" && cell instanceof Buffer ? cell.toString() : cell
}

/** Values in the encoding PLAIN. */
function plainBytes({ type }: SchemaElement, values: readonly unknown[]): Uint8Array {
  if (type === "BYTE_ARRAY") return plainTexts(values as Buffer[])
  if (type === "BOOLEAN") {
    const bytes = new Uint8Array(Math.ceil(values.length / 8))
    for (const [at, value] of values.entries()) if (value === true) bytes[at >> 3] = (bytes[at >> 3] ?? 0) | (1 << (at & 7))
    return bytes
  }
  const array =
    type === "INT64"
      ? BigInt64Array.from(values as bigint[])
      : type === "INT32"
        ? Int32Array.from(values as number[])
        : Float64Array.from(values as number[])
  return new Uint8Array(array.buffer)
}

function numbers(element: SchemaElement, values: readonly unknown[], random: Random): Encoded {
  if (random.chance(0.4)) return split(element, values, random)
  const bits = element.type === "INT64" ? 64 : 32
  return { encoding: "DELTA_BINARY_PACKED", body: packedIntegers(values as (number | bigint)[], bits, random) }
}

function split(element: SchemaElement, values: readonly unknown[], random: Random): Encoded {
  const plain = plainBytes(element, values)
  if (random.chance(0.5) || values.length === 0) return { encoding: "PLAIN", body: plain }
  const width = plain.length / values.length
  return {
    encoding: "BYTE_STREAM_SPLIT",
    body: plain.map((_, at) => plain[(at % values.length) * width + Math.floor(at / values.length)] ?? 0),
  }
}

function texts(values: readonly Buffer[], random: Random): Encoded {
  const all = Buffer.concat(values)
  switch (random.below(3)) {
    case 0:
      return { encoding: "PLAIN", body: plainTexts(values) }
    case 1:
      return { encoding: "DELTA_LENGTH_BYTE_ARRAY", body: [...packedIntegers(lengthsOf(values), 32, random), ...all] }
    default: {
      const shared = values.map((value, at) => sharedLength(values[at - 1] ?? Buffer.alloc(0), value))
      const rests = values.map((value, at) => value.subarray(shared[at]))
      const body = [...packedIntegers(shared, 32, random), ...packedIntegers(lengthsOf(rests), 32, random), ...Buffer.concat(rests)]
      return { encoding: "DELTA_BYTE_ARRAY", body }
    }
  }
}

const lengthsOf = (values: readonly Buffer[]) => values.map(({ length }) => length)

function sharedLength(one: Buffer, other: Buffer): number {
  let length = 0
  while (length < one.length && length < other.length && one[length] === other[length]) length++
  return length
}

function coded(values: readonly unknown[], dictionary: readonly unknown[], random: Random): Encoded {
  const width = Math.max(1, 32 - Math.clz32(dictionary.length - 1))
  const codes = values.map((value) => dictionary.indexOf(value))
  return { encoding: "RLE_DICTIONARY", body: [width, ...runsOf(codes, width, random)] }
}

/** Compresses bytes with a codec. */
function pack(codec: CompressionCodec, bytes: Uint8Array): { body: Uint8Array; unpacked: number } {
  const unpacked = bytes.length
  switch (codec) {
    case "GZIP":
      return { body: gzipSync(bytes, { level: 1 }), unpacked }
    case "BROTLI":
      return { body: brotliCompressSync(bytes), unpacked }
    case "ZSTD": {
      const size = Buffer.alloc(4)
      size.writeUInt32LE(unpacked)
      const head = [((unpacked << 3) & 255) | 1, (unpacked >> 5) & 255, (unpacked >> 13) & 255]
      return { body: Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0xa0]), size, Buffer.from(head), bytes]), unpacked }
    }
    case "LZ4_RAW":
      return { body: literalLz4(bytes), unpacked }
    case "LZ4": {
      const body = literalLz4(bytes)
      const sizes = Buffer.alloc(8)
      sizes.writeUInt32BE(unpacked)
      sizes.writeUInt32BE(body.length, 4)
      return { body: Buffer.concat([sizes, body]), unpacked }
    }
    case "SNAPPY": {
      // A literal of up to 2^16 bytes, with a length of two bytes.
      const head = unpacked === 0 ? [] : [61 << 2, (unpacked - 1) & 255, (unpacked - 1) >> 8]
      return { body: Buffer.concat([Buffer.from([...varint(unpacked), ...head]), bytes]), unpacked }
    }
    default:
      return { body: bytes, unpacked }
  }
}

function literalLz4(bytes: Uint8Array): Buffer {
  const left = bytes.length - 15
  const more = left < 0 ? [] : [...new Array<number>(Math.floor(left / 255)).fill(255), left % 255]
  return Buffer.concat([Buffer.from([left < 0 ? bytes.length << 4 : 0xf0, ...more]), bytes])
}

/** Damages bytes before compression: run lengths, levels, sizes of blocks. */
function damagedBytes(bytes: readonly number[] | Uint8Array, isSound: boolean, random: Random): Uint8Array {
  const damaged = Uint8Array.from(bytes)
  if (isSound || random.chance(0.5) || damaged.length === 0) return damaged
  for (let times = random.below(3); times >= 0; times--) {
    // Mostly at the start, where blocks and runs state their lengths.
    const at = random.chance(0.5) ? random.below(Math.min(12, damaged.length)) : random.below(damaged.length)
    damaged[at] = random.pick([0, 0x7f, 0x80, 0xff, random.below(256), (damaged[at] ?? 0) ^ (1 << random.below(8))])
  }
  if (random.chance(0.2)) return Buffer.concat([Buffer.from(varint(random.pick([0, 2 ** 20, 2 ** 32 - 1, 2 ** 34]))), damaged])
  return random.chance(0.2) ? damaged.subarray(0, random.below(damaged.length)) : damaged
}

/** Damages the header of a page, or its compressed bytes. */
function damagedPage(page: PageSketch, isSound: boolean, random: Random): PageSketch {
  if (isSound || random.chance(0.5)) return page
  const much = [0, 1, -1, 1000, 4_194_304, 4_194_305, 2 ** 27, 2 ** 31 - 1]
  switch (random.below(5)) {
    case 0:
      return { ...page, values: random.pick(much) }
    case 1:
      return { ...page, unpacked: random.pick([...much, page.body.length + 1]) }
    case 2:
      return { ...page, packed: random.pick([...much, Math.max(0, page.body.length - 1)]) }
    case 3:
      return {
        ...page,
        encoding: random.pick(["PLAIN", "RLE", "DELTA_BINARY_PACKED", "DELTA_BYTE_ARRAY", "RLE_DICTIONARY", "BYTE_STREAM_SPLIT"]),
      }
    default:
      return { ...page, body: damagedBytes(page.body, false, random) }
  }
}
