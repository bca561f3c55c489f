import fc from "fast-check"
import type { Encoding } from "hyparquet"
import { parquetWriteBuffer } from "hyparquet-writer"
import { expect, test } from "vitest"
import { RowgateError } from "../../../src/errors/rowgate-error.ts"
import { parquet } from "../../../src/parsers/parquet/parquet.ts"
import { RunReader } from "../../../src/parsers/parquet/run-reader.ts"
import { chunkedFile } from "../chunked-file.ts"
import { readTable } from "../read-table.ts"

const text = fc.string({ maxLength: 12 }).filter((value) => !value.includes("\0"))
const options = fc.record({
  pageSize: fc.constantFrom(16, 200, 1 << 20),
  rowGroupSize: fc.constantFrom(1, 7, 100, 1000),
  codec: fc.constantFrom("UNCOMPRESSED" as const, "SNAPPY" as const),
})
const sizes = { maxLength: 120 }

test("values are read as they were written, in every encoding, page size and row group size", async () => {
  const columns = fc.tuple(
    fc.array(fc.option(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })), sizes),
    fc.constantFrom<Encoding>("PLAIN", "DELTA_BINARY_PACKED", "BYTE_STREAM_SPLIT", "RLE_DICTIONARY"),
    fc.constantFrom<Encoding>("PLAIN", "DELTA_BINARY_PACKED", "RLE_DICTIONARY"),
    fc.constantFrom<Encoding>("PLAIN", "DELTA_LENGTH_BYTE_ARRAY", "DELTA_BYTE_ARRAY", "RLE_DICTIONARY"),
    fc.constantFrom<Encoding>("PLAIN", "RLE"),
    fc.array(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), { minLength: 120, maxLength: 120 }),
    fc.array(text, { minLength: 120, maxLength: 120 }),
    fc.integer({ min: 1, max: 50 }),
  )
  await fc.assert(
    fc.asyncProperty(
      columns,
      options,
      async ([ints, intEncoding, longEncoding, textEncoding, flagEncoding, longs, texts, batchRows], written) => {
        const expected = ints.map((int, at) => ({
          int,
          long: int === null ? null : (longs[at] ?? 0n),
          text: int === null ? null : (texts[int & 7] ?? ""),
          flag: int === null ? null : int % 2 === 0,
        }))
        const bytes = parquetWriteBuffer({
          columnData: [
            { name: "int", data: expected.map(({ int }) => int), type: "INT32", encoding: intEncoding },
            { name: "long", data: expected.map(({ long }) => long), type: "INT64", encoding: longEncoding },
            { name: "text", data: expected.map(({ text }) => text), type: "STRING", encoding: textEncoding },
            { name: "flag", data: expected.map(({ flag }) => flag), type: "BOOLEAN", encoding: flagEncoding },
          ],
          ...written,
        })
        const { rows } = await readTable(parquet(), chunkedFile(new Uint8Array(bytes)), { batchRows })
        expect(rows).toEqual(expected.map(({ int, long, text, flag }) => [int, exact(long), text, flag]))
      },
    ),
    { numRuns: 120 },
  )
})

function exact(value: bigint | null): number | string | null {
  if (value === null) return null
  return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
}

test("a file with a changed byte is read, or refused with a code", async () => {
  const bytes = new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        { name: "text", data: ["a", "b", null, "a", "longer text"], type: "STRING" },
        { name: "long", data: [1n, null, 3n, 2n ** 60n, 5n], type: "INT64", encoding: "DELTA_BINARY_PACKED" },
        { name: "list", data: [[1, 2], [], null, [3], [4, 5, 6]] },
      ],
      rowGroupSize: 3,
    }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }), async (changes) => {
      const damaged = Uint8Array.from(bytes)
      for (const [at, value] of changes) damaged[at] = value
      try {
        await readTable(parquet(), chunkedFile(damaged))
      } catch (error) {
        if (!(error instanceof RowgateError)) throw error
        expect(["FILE_CORRUPT", "FILE_TRUNCATED", "FORMAT_UNSUPPORTED", "FORMAT_ENCRYPTED", "LIMIT_EXCEEDED"]).toContain(error.code)
      }
    }),
    { numRuns: 3000 },
  )
})

test("runs and bit-packed groups of every width are decoded, in one read or several, and never beyond their end", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 32 }),
      fc.array(fc.tuple(fc.boolean(), fc.nat(), fc.integer({ min: 1, max: 40 }))),
      fc.integer({ min: 1, max: 30 }),
      (width, runs, step) => {
        const max = 2 ** width
        const bytes: number[] = []
        const values: number[] = []
        for (const [isRun, seed, count] of runs) {
          if (isRun) {
            const value = seed % max
            varint(bytes, count * 2)
            for (let at = 0; at < Math.ceil(width / 8); at++) bytes.push(Math.floor(value / 256 ** at) % 256)
            values.push(...new Array(count).fill(value))
          } else {
            const group = Array.from({ length: 8 * count }, (_, at) => (seed * (at + 1)) % max)
            varint(bytes, (group.length / 8) * 2 + 1)
            pack(bytes, group, width)
            values.push(...group)
          }
        }
        const reader = (total: number) => new RunReader(Uint8Array.from(bytes), 0, bytes.length, width, total)
        const output = new Uint32Array(values.length)
        reader(values.length).read(output)
        expect(Array.from(output)).toEqual(values)
        const parts = reader(values.length)
        const again: number[] = []
        while (again.length < values.length) {
          const part = new Uint32Array(Math.min(step, values.length - again.length))
          const same = parts.readRun(part.length)
          if (same === undefined) parts.read(part)
          else part.fill(same)
          again.push(...part)
        }
        expect(again).toEqual(values)
        expect(() => reader(values.length + 1).read(new Uint32Array(values.length + 1))).toThrow(/ends early/)
      },
    ),
  )
})

function varint(bytes: number[], value: number): void {
  for (let left = value; ; left = Math.floor(left / 128)) {
    bytes.push(left < 128 ? left : 128 + (left % 128))
    if (left < 128) return
  }
}

function pack(bytes: number[], values: readonly number[], width: number): void {
  const bits = values.flatMap((value) => Array.from({ length: width }, (_, bit) => Math.floor(value / 2 ** bit) % 2))
  for (let at = 0; at < bits.length; at += 8)
    bytes.push(bits.slice(at, at + 8).reduce((byte, bit, position) => byte + bit * 2 ** position, 0))
}
