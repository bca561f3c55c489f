import fc from "fast-check"
import { expect, test } from "vitest"
import { json } from "../../../src/parsers/json/json.ts"
import { ndjson } from "../../../src/parsers/json/ndjson.ts"
import { chunkedFile } from "../chunked-file.ts"
import { readTable, type TableRead } from "../read-table.ts"

/** Keys that are unchanged as column names: without dots, or anything else that naming changes. */
const key = fc.constantFrom("id", "name", "é", "amount", "with space", 'quo"te', "back\\slash", "ключ")
const text = fc.string({ unit: "grapheme" }).filter((value) => Buffer.from(value).toString() === value && !value.includes("\0"))
const scalar = fc.oneof(
  text,
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (Object.is(value, -0) ? 0 : value)),
  fc.boolean(),
  fc.constant(null),
)
const list = fc.array(fc.oneof(scalar, fc.array(scalar, { maxLength: 3 }), fc.dictionary(key, scalar, { maxKeys: 3 })), { maxLength: 4 })
const row = fc.dictionary(key, fc.oneof({ weight: 5, arbitrary: scalar }, list), { maxKeys: 6 })

/** The part of a reading that must not depend on how the bytes arrived. */
const essence = ({ header, rows, issues, notices }: TableRead) => ({ header, rows, issues, notices })

/** A whole number beyond 2^53 is read as its text, like one that JSON.stringify writes without an exponent. */
function readAs(value: unknown): unknown {
  if (typeof value === "number" && !Number.isSafeInteger(value) && /^-?[0-9]+$/.test(String(value))) return String(value)
  if (Array.isArray(value)) return value.map(readAs)
  if (typeof value !== "object" || value === null) return value ?? null
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, readAs(each)]))
}

test("rows written as JSON are read unchanged", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(row, { maxLength: 20 }), fc.constantFrom(undefined, 1, 2), async (objects, indent) => {
      const keys = [...new Set(objects.flatMap((object) => Object.keys(object)))]
      const expected = objects.map((object) => keys.map((name) => readAs(object[name])))
      const document = await readTable(json(), chunkedFile(JSON.stringify(objects, null, indent), 11))
      const lines = await readTable(ndjson(), chunkedFile(objects.map((object) => JSON.stringify(object)).join("\n"), 11))
      for (const { header, rows, issues } of [document, lines]) {
        expect([...header]).toEqual(keys)
        expect(rows).toEqual(expected)
        expect(issues).toEqual([])
      }
    }),
    { numRuns: 150 },
  )
})

test("chunk and batch boundaries change nothing", async () => {
  const nested = fc.dictionary(key, fc.oneof(scalar, list, fc.dictionary(key, scalar, { maxKeys: 3 })), { maxKeys: 5 })
  const broken = fc.constantFrom('{"a":', "[1]", '{"a":1,"a":2}', '{"a":"\\ud800"}', "nope")
  const line = fc.oneof({ weight: 6, arbitrary: nested.map((value) => JSON.stringify(value)) }, { weight: 1, arbitrary: broken })
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 12 }), fc.integer({ min: 1, max: 40 }), async (lines, chunkBytes) => {
      const content = lines.join("\n")
      const whole = essence(await readTable(ndjson(), chunkedFile(content, 1 << 20)))
      expect(essence(await readTable(ndjson(), chunkedFile(content, chunkBytes)))).toEqual(whole)
      const batched = await readTable(ndjson(), chunkedFile(content, chunkBytes), { batchRows: 3 })
      const settled = whole.header.length
      if (batched.batches.every(({ names }) => names.length === settled)) expect(batched.rows).toEqual(whole.rows)
      const old = whole.issues.filter((issue) => !issue.includes("new_column"))
      expect(batched.issues.filter((issue) => !issue.includes("new_column"))).toEqual(old)
    }),
    { numRuns: 200 },
  )
})

test("any bytes give rows or a RowgateError, the same in any chunks", async () => {
  const piece = fc.constantFrom(
    "[",
    "]",
    "{",
    "}",
    ",",
    ":",
    '"a"',
    '"b"',
    "1",
    "-",
    "0",
    ".5",
    "e3",
    "true",
    "nul",
    "null",
    " ",
    "\n",
    '"\\u',
    "é",
    "\\",
  )
  const outcome = async (content: string, chunkBytes: number) => {
    try {
      return essence(await readTable(json(), chunkedFile(content, chunkBytes)))
    } catch (error) {
      if (error instanceof Error && "code" in error && typeof error.code === "string") return `${error.code} ${error.message}`
      throw error
    }
  }
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 25 }), fc.integer({ min: 1, max: 9 }), async (pieces, chunkBytes) => {
      const content = `[${pieces.join("")}`
      const whole = await outcome(content, 1 << 20)
      expect(await outcome(content, chunkBytes)).toEqual(whole)
      // Lists of objects that JSON.parse accepts are read; those that it refuses are not.
      const isJson = parses(content)
      if (!isJson) expect(typeof whole).toBe("string")
      else expect(typeof whole === "object" || whole.startsWith("TABLE_NOT_FOUND")).toBe(true)
    }),
    { numRuns: 1000 },
  )
})

function parses(content: string): boolean {
  try {
    JSON.parse(content)
    return true
  } catch {
    return false
  }
}
