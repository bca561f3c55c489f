import fc from "fast-check"
import pg from "pg"
import { beforeEach, describe, expect, test } from "vitest"
import { columnOf } from "../../src/model/column-of.ts"
import { BytesColumn } from "../../src/model/columns/bytes-column.ts"
import { TableBatch } from "../../src/model/table-batch.ts"
import { CopyStream } from "../../src/postgres/connection/copy-stream.ts"
import { BinaryRowEncoder } from "../../src/postgres/encode/binary-row-encoder.ts"
import { binaryToTextLines } from "../../src/postgres/encode/binary-to-text-lines.ts"
import { columnFormat } from "../../src/postgres/encode/column-format.ts"
import { mostNumericBytes, numericText, writeNumeric } from "../../src/postgres/encode/numeric-digits.ts"
import { TextRowEncoder } from "../../src/postgres/encode/text-row-encoder.ts"
import { postgres } from "../../src/postgres.ts"
import { ledgerDatabase } from "../ledger-database.ts"
import { deliver } from "../sinks/deliver.ts"
import { batchOf } from "./batch-of.ts"

describe("numeric's digits of base 10,000", () => {
  const written = (text: string) => {
    const bytes = Buffer.from(`<${text}>`)
    const out = Buffer.alloc(mostNumericBytes(text.length))
    const view = new DataView(out.buffer, out.byteOffset, out.length)
    const end = writeNumeric(bytes, 1, bytes.length - 1, view, 0)
    return end < 0 ? undefined : { text: numericText(view, 0), bytes: [...out.subarray(0, end)] }
  }

  test("represent the same decimal, to its last zero", () => {
    const digits = (least: number) => fc.string({ unit: fc.constantFrom(..."0001239"), minLength: least, maxLength: 30 })
    const wholes = digits(0).map((whole) => whole.replace(/^0+(?=.)/, ""))
    fc.assert(
      fc.property(fc.constantFrom("", "-"), wholes, digits(1), (sign, whole, fraction) => {
        const isZero = /^0*$/.test(whole + fraction)
        const expected = `${sign === "-" && !isZero ? "-" : ""}${whole.replace(/^0+/, "") || "0"}.${fraction}`
        expect(written(`${sign}${whole}.${fraction}`)?.text).toBe(expected)
        if (whole !== "") expect(written(sign + whole)?.text).toBe(expected.slice(0, expected.indexOf(".")).replace(/^-0$/, "0"))
      }),
    )
  })

  // As PostgreSQL 17 sends them: count, weight, sign, scale, digits.
  test.each([
    ["0", [0, 0, 0, 0, 0, 0, 0, 0]],
    ["12345678.9", [0, 3, 0, 1, 0, 0, 0, 1, 0x04, 0xd2, 0x16, 0x2e, 0x23, 0x28]],
    ["-0.00010", [0, 1, 0xff, 0xff, 0x40, 0, 0, 5, 0, 1]],
    ["0.00000000012", [0, 1, 0xff, 0xfd, 0, 0, 0, 11, 0, 120]],
    ["30000", [0, 1, 0, 1, 0, 0, 0, 0, 0, 3]],
  ])("are those that the server sends for %s", (text, bytes) => {
    expect(written(text)?.bytes).toEqual(bytes)
  })

  test.each(["", ".", "-", "1e5", "007", "-00.5", "+1", "NaN", " 1", "1 ", "1,5", "1.2.3", "--1", `0.${"1".repeat(16_384)}`])(
    "are not written for %j",
    (text) => {
      expect(written(text)).toBeUndefined()
    },
  )
})

const texts = fc
  .oneof(fc.string({ unit: "grapheme" }), fc.constantFrom("", "\\N", "\t", "a\nb", "\\."))
  .filter((text) => !text.includes("\0"))
const typed: readonly (readonly [type: string, category: string, value: fc.Arbitrary<unknown>])[] = [
  ["int2", "N", fc.integer({ min: -(2 ** 15), max: 2 ** 15 - 1 })],
  ["int4", "N", fc.integer()],
  ["int8", "N", fc.maxSafeInteger()],
  ["float8", "N", fc.double()],
  ["numeric", "N", fc.integer({ min: -999_999, max: 999_999 }).map((cents) => (cents / 100).toFixed(2))],
  ["bool", "B", fc.boolean()],
  ["date", "D", fc.integer({ min: -2_000_000, max: 90_000_000 }).map((day) => new Date(day * 86_400_000))],
  ["timestamptz", "D", fc.date({ min: new Date(-8e12), max: new Date(8e12), noInvalidDate: true })],
  ["varchar", "S", texts],
  ["enum", "E", texts],
  ["uuid", "U", fc.uuid()],
  ["json", "U", fc.jsonValue().filter((value) => value !== null)],
  ["jsonb", "U", fc.jsonValue().filter((value) => value !== null)],
]
const formats = typed.map(([type, category]) => columnFormat(type, category))
const rows = fc.array(fc.tuple(...typed.map(([, , value]) => fc.option(value))), { minLength: 1, maxLength: 40 })

/** The whole output of an encoder, in buffers of one size or of the size of a larger row. */
function encoded(encoder: BinaryRowEncoder | TextRowEncoder, bufferBytes: number): Buffer[] {
  const pieces: Buffer[] = []
  for (let whole = false; !whole; ) {
    const out = Buffer.alloc(Math.max(bufferBytes, encoder.nextBytes))
    whole = encoder.encode(out, 0, true)
    if (encoder.end > 0) pieces.push(out.subarray(0, encoder.end))
  }
  return pieces
}

async function* cut(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

test("binary rows convert to the lines of the text encoder, whatever their buffers and pieces are", async () => {
  await fc.assert(
    fc.asyncProperty(
      rows,
      fc.nat(),
      fc.integer({ min: 1, max: 300 }),
      fc.integer({ min: 1, max: 90 }),
      async (table, dead, buffer, size) => {
        const columns = formats.map((_, j) => columnOf(table.map((row) => row[j])))
        const live = Uint8Array.from(table, (_, row) => (row === dead % (table.length + 1) ? 0 : 1))
        const binary = BinaryRowEncoder.for(formats)
        if (binary?.begin(columns, live.slice()) !== true) throw new Error("all of these have a binary form")
        const text = new TextRowEncoder(formats)
        text.begin(columns, live.slice(), (row, column, code) => {
          throw new Error(`row ${row} column ${column}: ${code}`)
        })
        const lines: Uint8Array[] = []
        for await (const piece of binaryToTextLines(cut(Buffer.concat(encoded(binary, buffer)), size), formats)) lines.push(piece)
        expect(Buffer.concat(lines).toString()).toBe(Buffer.concat(encoded(text, buffer)).toString())
      },
    ),
    { numRuns: 300 },
  )
})

test.each<[string, string, unknown]>([
  ["int4", "N", 1.5],
  ["int2", "N", 40_000],
  ["int4", "N", "12"],
  ["int8", "N", 2 ** 60],
  ["date", "D", new Date(1)],
  ["date", "D", new Date(-210_866_889_600_000 - 86_400_000)],
  ["timestamp", "D", new Date(8.64e15)],
  ["timestamp", "D", "infinity"],
  ["numeric", "N", "NaN"],
  ["text", "S", "a\0b"],
  ["text", "S", "\ud800"],
  ["text", "S", 1],
  ["bool", "B", 1],
  ["enum", "E", 1],
  ["uuid", "U", "{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}"],
  ["uuid", "U", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a1g"],
  ["uuid", "U", "a0eebc99x9c0b-4ef8-bb6d-6bb9bd380a11"],
  ["jsonb", "U", 1n],
  ["json", "U", Number.NaN],
  ["json", "U", new Date(0)],
])("a value that %s accepts only as text, or not at all, has no binary form: %#", (type, category, value) => {
  expect(BinaryRowEncoder.for([columnFormat(type, category)])?.begin([columnOf([value])], Uint8Array.of(1))).toBe(false)
})

test("U+0000 in a row that is not written does not keep other rows from their binary form", () => {
  const texts = Buffer.from("a\0bc")
  const column = new BytesColumn(texts, Uint32Array.of(0, 3), Uint32Array.of(3, 4), 2)
  const encoder = BinaryRowEncoder.for([columnFormat("text", "S")])
  expect(encoder?.begin([column], Uint8Array.of(0, 1))).toBe(true)
  expect(encoder?.begin([column], Uint8Array.of(1, 1))).toBe(false)
})

test("types that rowgate cannot write in binary form are sent as text", () => {
  for (const type of ["float4", "bytea", "inet", "xml", ""]) expect(BinaryRowEncoder.for([columnFormat(type, "U")])).toBeUndefined()
})

const { pool, url, clear } = await ledgerDatabase()

/** A pool that records the form in which rows are sent. */
function watched() {
  const forms: string[] = []
  const inner = new pg.Pool({ connectionString: url })
  const connect = async () => {
    const client = await inner.connect()
    const copyIn = (statement: string) => {
      forms.push(/FORMAT binary/.test(statement) ? "binary" : /NULL ''/.test(statement) ? "text" : "marked")
      const stream = new CopyStream(statement)
      client.query(stream as never)
      return stream
    }
    return Object.assign(client, { copyIn })
  }
  return { forms, pool: { connect }, end: () => inner.end() }
}

const row = (id: number) => ({
  id,
  name: id % 7 === 0 ? "" : id % 5 === 0 ? null : `n\t${id}`,
  price: `${id}.50`,
  day: new Date(id * 86_400_000),
  at: new Date(id * 1001),
  share: id / 3,
  sold: id % 2 === 0,
})
const table = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => row(from + at))
const stored = async () =>
  (
    await pool.query(
      "SELECT id, name, price::text, day - date '1970-01-01' AS day, (extract(epoch FROM at) * 1000)::int AS at, share, sold FROM thing ORDER BY id",
    )
  ).rows
const shown = (rows: readonly ReturnType<typeof row>[]) =>
  rows.map((one) => ({ ...one, day: one.day.getTime() / 86_400_000, at: one.at.getTime() }))

test("text that is not UTF-8 is refused in every row, and not repaired by the conversion between the forms", async () => {
  await clear()
  await pool.query("DROP TABLE IF EXISTS raw; CREATE TABLE raw (id int, v text)")
  const bytes = Buffer.from("a\tb\\c\n\r\xff\xc3\xc3\xa4", "latin1")
  const ends = Uint32Array.of(5, 7, 8, 10)
  const batch = TableBatch.of<object>({
    length: 4,
    table: { name: "raw", header: ["id", "v"] },
    names: ["id", "v"],
    columns: [columnOf([1, 2, 3, 4]), new BytesColumn(bytes, Uint32Array.of(0, 5, 7, 8), ends, 4)],
    origins: { at: (row) => ({ uri: "memory:raw", row: row + 1 }) },
  })
  const report = await deliver(postgres({ pool, table: "raw" }), [batch], { content: "raw" })
  expect(report).toMatchObject({ loaded: 2, rejected: 2 })
  expect((await pool.query("SELECT id, v FROM raw ORDER BY id")).rows).toEqual([
    { id: 1, v: "a\tb\\c" },
    { id: 2, v: "\n\r" },
  ])
})

test("uuids, JSON and enums are sent in binary form, and an invalid value becomes a reject", async () => {
  await clear()
  await pool.query(`
    DROP TABLE IF EXISTS document; DROP TYPE IF EXISTS state; CREATE TYPE state AS ENUM ('new', 'old');
    CREATE TABLE document (id uuid, body jsonb, head json, state state)`)
  const uuid = (n: number) => `a0eebc99-9c0b-4ef8-bb6d-6bb9bd38${String(n).padStart(4, "0")}`
  const rows = (from: number, to: number, odd: { readonly [n: number]: object } = {}) =>
    Array.from({ length: to - from }, (_, at) => {
      const n = from + at
      return {
        id: uuid(n),
        body: n % 3 === 0 ? null : { n, text: 'a\t"b"' },
        head: [n, null],
        state: n % 2 === 0 ? "new" : "old",
        ...odd[n],
      }
    })
  const load = async (batches: readonly (readonly { readonly [column: string]: unknown }[])[]) => {
    const { forms, pool: own, end } = watched()
    const report = await deliver(
      postgres({ pool: own, table: "document" }),
      batches.map((each) => batchOf(each)),
      {
        content: String(Math.random()),
      },
    )
    await end()
    return { forms, loaded: report.loaded, rejected: report.rejected }
  }
  const stored = async () => (await pool.query("SELECT id, body, head, state::text FROM document ORDER BY id")).rows

  expect(await load([rows(0, 200), rows(200, 300)])).toEqual({ forms: ["binary"], loaded: 300, rejected: 0 })
  expect(await stored()).toEqual(rows(0, 300))

  await pool.query("TRUNCATE document")
  const odd = {
    1: { state: "lost" },
    7: { body: { text: "\0" } },
    9: { id: "no uuid" },
    12: { id: uuid(12).toUpperCase() },
    15: { id: `{${uuid(15)}}` },
  }
  expect(await load([rows(0, 20, odd)])).toMatchObject({ loaded: 17, rejected: 3 })
  expect(await stored()).toEqual(rows(0, 20).filter((_, n) => ![1, 7, 9].includes(n)))
  const { rows: rejects } = await pool.query(
    "SELECT issues->0->>'code' AS code, issues->0->>'column' AS column FROM rowgate.reject ORDER BY row_number",
  )
  expect(rejects).toEqual([
    { code: "postgres.22P02", column: "state" },
    { code: "postgres.22P05", column: "body" },
    { code: "postgres.22P02", column: "id" },
  ])
})

test("a user's own type may have the name of one of PostgreSQL's types", async () => {
  await clear()
  await pool.query(`
    DROP SCHEMA IF EXISTS own CASCADE; DROP TABLE IF EXISTS namesake; CREATE SCHEMA own;
    CREATE TYPE own.int4 AS ENUM ('1', '2'); CREATE TYPE own.text AS (a int, b int);
    CREATE TABLE namesake (id own.int4, pair own.text)`)
  const rows = [
    { id: 1, pair: "(1,2)" },
    { id: 2, pair: "(3,4)" },
    { id: 3, pair: "(5,6)" },
  ]
  const report = await deliver(postgres({ pool, table: "namesake" }), [batchOf(rows)], { content: "namesake" })
  expect(report).toMatchObject({ loaded: 2, rejected: 1 })
  expect((await pool.query("SELECT id::text, pair::text FROM namesake ORDER BY 1")).rows).toEqual([
    { id: "1", pair: "(1,2)" },
    { id: "2", pair: "(3,4)" },
  ])
})

describe("a load", () => {
  beforeEach(async () => {
    await clear()
    await pool.query(
      "DROP TABLE IF EXISTS thing; CREATE TABLE thing (id int PRIMARY KEY, name varchar(40), price numeric, day date, at timestamptz, share float8, sold boolean)",
    )
  })

  test("of ordinary values is sent in binary form", async () => {
    const { forms, pool: own, end } = watched()
    await deliver(postgres({ pool: own, table: "thing" }), [batchOf(table(1, 900)), batchOf(table(900, 1500))])
    await end()
    expect(forms).toEqual(["binary"])
    expect(await stored()).toEqual(shown(table(1, 1500)))
  })

  test("continues as text from the first batch with a value that has no binary form", async () => {
    const { forms, pool: own, end } = watched()
    const odd = table(300, 400).map((one) => ({ ...one, price: `${one.id * 10}e-1` }))
    const batches = [batchOf(table(1, 300)), batchOf(odd), batchOf(table(400, 500))]
    await deliver(postgres({ pool: own, table: "thing" }), batches)
    await end()
    expect(forms).toEqual(["binary", "marked"])
    expect((await stored()).map(({ id, name, price }) => [id, name, Number(price)])).toEqual(
      table(1, 500).map(({ id, name }) => [id, name, id >= 300 && id < 400 ? id : id + 0.5]),
    )
  })

  test.each([
    ["one row is", [777]],
    ["some rows are", [1, 2, 500, 1400]],
    ["every third row is", Array.from({ length: 499 }, (_, at) => 3 * (at + 1))],
  ])("in which %s refused loads all others unchanged", async (_, refused) => {
    const { forms, pool: own, end } = watched()
    await pool.query(`INSERT INTO thing (id) SELECT unnest($1::int[])`, [refused])
    const report = await deliver(postgres({ pool: own, table: "thing" }), [
      batchOf(table(1, 900)),
      batchOf(table(900, 1500), undefined, 900),
    ])
    await end()
    expect(report).toMatchObject({ read: 1499, loaded: 1499 - refused.length, rejected: refused.length })
    expect(forms.lastIndexOf("binary")).toBe(0)
    await pool.query("DELETE FROM thing WHERE price IS NULL")
    expect(await stored()).toEqual(shown(table(1, 1500).filter(({ id }) => !refused.includes(id))))
    const { rows: rejects } = await pool.query("SELECT row_number::int AS n, issues->0->>'code' AS code FROM rowgate.reject ORDER BY 1")
    expect(rejects).toEqual(refused.map((n) => ({ n, code: "postgres.23505" })))
  })

  test("of many chunks is complete and in order, whichever chunks have refused rows", async () => {
    const { forms, pool: own, end } = watched()
    await pool.query("DROP TABLE thing; CREATE TABLE thing (n serial, id int PRIMARY KEY, body text)")
    // Two in the third chunk, one in the last. 48 MB are five chunks, and the first one has 4 MB.
    const refused = [2000, 2001, 4700]
    await pool.query("INSERT INTO thing (id) SELECT unnest($1::int[])", [refused])
    const body = "x".repeat(10_000)
    const batches = Array.from({ length: 48 }, (_, at) =>
      batchOf(
        Array.from({ length: 100 }, (_, row) => ({ id: at * 100 + row, body: `${at * 100 + row}${body}` })),
        undefined,
        at * 100,
      ),
    )
    const report = await deliver(postgres({ pool: own, table: "thing" }), batches)
    await end()
    expect(report).toMatchObject({ read: 4800, loaded: 4797, rejected: 3 })
    expect(forms.slice(0, 2)).toEqual(["binary", "binary"])
    expect(forms.at(-1)).not.toBe("binary")
    const { rows } = await pool.query(
      `SELECT count(*)::int AS rows, bool_and(body = id || $1) AS same, bool_and(later) AS ordered
       FROM (SELECT *, id > lag(id, 1, -1) OVER (ORDER BY n) AS later FROM thing WHERE body IS NOT NULL) AS loaded`,
      [body],
    )
    expect(rows).toEqual([{ rows: 4797, same: true, ordered: true }])
  })
})
