import fc from "fast-check"
import { describe, expect, test } from "vitest"
import type { Parser } from "../../../src/contract/parser.ts"
import type { Batch } from "../../../src/model/batch.ts"
import type { Row } from "../../../src/model/cell-value.ts"
import { TableBatch } from "../../../src/model/table-batch.ts"
import { csv } from "../../../src/parsers/csv/csv.ts"
import { chunkedFile } from "../chunked-file.ts"
import { readContext, readTable } from "../read-table.ts"
import { render } from "./render.ts"
import { renderings, type Table, tables, wildTables } from "./tables.ts"

const whole = ({ header, rows }: Table) => [header, ...rows]
/** Rows of only empty fields at the end of a file are not rows. */
const withoutVoidEnd = (rows: readonly (readonly string[])[]) =>
  rows.slice(0, rows.findLastIndex((row) => row.some((field) => field !== "")) + 1)

describe("a table that is written and read", () => {
  test("is unchanged if the dialect is declared, whatever its fields contain", async () => {
    await fc.assert(
      fc.asyncProperty(wildTables, renderings, fc.integer({ min: 1, max: 50 }), async (table, rendering, chunkBytes) => {
        const text = render(whole(table), { ...rendering, quoting: "all" })
        const { delimiter, quote, escape: escaping } = rendering
        const declared = csv({
          delimiter,
          quote,
          escape: escaping,
          comment: null,
          header: true,
          headerRows: 1,
          lineEnd: rendering.lineEnd as "\n",
          encoding: "utf-8",
        })
        const read = await readTable(declared, chunkedFile(text, chunkBytes))
        expect(read.header).toEqual(table.header)
        expect(read.rows).toEqual(table.rows)
        // Random last rows may look like a footer, which is a warning.
        expect(read.issues.filter((issue) => !/: table\.(?:total|note|blank)$/.test(issue))).toEqual([])
      }),
      { numRuns: 300 },
    )
  })

  test("is unchanged if nothing is declared", async () => {
    let right = 0
    let all = 0
    await fc.assert(
      fc.asyncProperty(tables({ rows: [6, 40], columns: [2, 9] }), renderings, async (table, rendering) => {
        const { header, rows } = await readTable(csv(), chunkedFile(render(whole(table), rendering)))
        all++
        const same = JSON.stringify([header, rows]) === JSON.stringify([table.header, withoutVoidEnd(table.rows)])
        if (same) right++
        // A few tables are ambiguous even to people, but nearly all are not.
        else if (right < all * 0.98 && all > 50) expect([header, rows]).toEqual([table.header, table.rows])
      }),
      { numRuns: 250, seed: 7, endOnFailure: true },
    )
    expect(right / all).toBeGreaterThan(0.985)
  })

  test("is unchanged in any encoding that can express it", async () => {
    const table: Table = { header: ["id", "größe"], rows: Array.from({ length: 9 }, (_, at) => [String(at), `groß, “größer” – ${at} €`]) }
    const text = render(whole(table))
    const windows1252 = Buffer.from(
      text.replace(/[“”–€]/g, (one) => ({ "“": "\x93", "”": "\x94", "–": "\x96", "€": "\x80" })[one] ?? ""),
      "latin1",
    )
    for (const bytes of [
      Buffer.from(text),
      Buffer.from(`\ufeff${text}`),
      Buffer.from(`\ufeff${text}`, "utf16le"),
      Buffer.from(`\ufeff${text}`, "utf16le").swap16(),
      windows1252,
    ])
      for (const chunkBytes of [1, 7, 4096]) expect((await readTable(csv(), chunkedFile(bytes, chunkBytes))).rows).toEqual(table.rows)
  })
})

describe("cutting a file into chunks", () => {
  const text =
    'id,note,amount\r\n1,"a ""quoted"", note",1.5\n2,"two\r\nlines",2.5\r\n3,ü–日本𝒳,3\n\n4,short\n5,"unclosed,5\n6,"x"y,6\n7,a,b,7\n8,last,8'

  test("does not change rows, issues, lines or offsets, at any byte", async () => {
    const plan = { delimiter: ",", header: true } as const
    const seen = async (chunkBytes: number, batchRows = 8192) => {
      const { header, rows, issues, batches } = await readTable(csv(plan), chunkedFile(text, chunkBytes), { batchRows })
      const origins = batches.flatMap((batch) => Array.from({ length: batch.length }, (_, row) => batch.origin(row)))
      return { header, rows, issues: [...issues].sort(), origins }
    }
    const once = await seen(text.length * 2)
    for (let chunkBytes = 1; chunkBytes <= Buffer.byteLength(text); chunkBytes++) expect(await seen(chunkBytes)).toEqual(once)
    for (let batchRows = 1; batchRows < 9; batchRows++) expect(await seen(5, batchRows)).toEqual(once)
  })

  test("does not change any text in any dialect", async () => {
    await fc.assert(
      fc.asyncProperty(wildTables, renderings, fc.integer({ min: 1, max: 40 }), async (table, rendering, chunkBytes) => {
        const text = render(whole(table), rendering)
        const parser = csv({ delimiter: rendering.delimiter, quote: rendering.quote, header: true })
        const read = async (size: number) => {
          const { rows, issues, batches } = await readTable(parser, chunkedFile(text, size))
          return { rows, issues, origins: batches.flatMap((batch) => Array.from({ length: batch.length }, (_, row) => batch.origin(row))) }
        }
        expect(await read(chunkBytes)).toEqual(await read(1 << 20))
      }),
      { numRuns: 200 },
    )
  })
})

describe("reusing the memory of a batch", () => {
  const read = async (parser: Parser, text: string | Buffer, chunkBytes: number, batchRows: number, reuse: boolean) => {
    const rows: unknown[] = []
    const walked: Batch<Row>[] = []
    for await (const batch of parser.parse(chunkedFile(text, chunkBytes), readContext({ batchRows, reuse }))) {
      for (let row = 0; row < batch.length; row++) {
        const cells = batch.names.map((name) => batch.columns[name]?.at(row))
        const issues = TableBatch.from(batch).issues.of(row)
        rows.push([cells, batch.raw(row), issues])
      }
      walked.push(batch)
    }
    const origins = walked.flatMap((batch) => Array.from({ length: batch.length }, (_, row) => batch.origin(row)))
    return { rows, origins }
  }

  test("does not change what is read, and keeps the origins", async () => {
    await fc.assert(
      fc.asyncProperty(wildTables, renderings, fc.integer({ min: 1, max: 400 }), fc.integer({ min: 1, max: 9 }), async (...given) => {
        const [table, rendering, chunkBytes, batchRows] = given
        const { delimiter, quote, escape: escaping } = rendering
        for (const either of new Set([escaping, null])) {
          const parser = csv({ delimiter, quote, escape: either, header: true })
          const text = render(whole(table), rendering)
          expect(await read(parser, text, chunkBytes, batchRows, true)).toEqual(await read(parser, text, chunkBytes, batchRows, false))
        }
      }),
      { numRuns: 200 },
    )
  })

  test("leaves quotes unescaped correctly beside multi-byte characters, damaged ones, and irregular rows", async () => {
    const rows = [
      '1,"""é"" and ""日本"" 𝒳"',
      '2,"two\nlines ""é"""',
      "3,ü",
      '4,"x"y',
      "5,short,too,long",
      '6,"""@"""',
      '7,"a ""b"" c"',
      "8,",
    ]
    const text = Buffer.from(`id,note\n${rows.join("\n")}\n`).toString("latin1")
    const bytes = Buffer.from(text.replace("@", "\xff"), "latin1")
    for (let batchRows = 1; batchRows <= rows.length; batchRows++) {
      const parser = csv({ delimiter: ",", header: true, encoding: "utf-8" })
      const [filled, own] = [await read(parser, bytes, 7, batchRows, true), await read(parser, bytes, 7, batchRows, false)]
      expect(filled).toEqual(own)
      expect(filled.origins.map(({ line }) => line)).toEqual([2, 3, 5, 6, 7, 8, 9, 10])
    }
  })
})
