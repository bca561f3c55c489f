import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { csv } from "../../../src/parsers/csv/csv.ts"
import { chunkedFile } from "../chunked-file.ts"
import { readTable } from "../read-table.ts"
import { render } from "./render.ts"
import { renderings, type Table, tables, wildTables } from "./tables.ts"

const whole = ({ header, rows }: Table) => [header, ...rows]
/** Rows of nothing but empty fields at the end of a file are no rows. */
const withoutVoidEnd = (rows: readonly (readonly string[])[]) =>
  rows.slice(0, rows.findLastIndex((row) => row.some((field) => field !== "")) + 1)

describe("a table that is written and read again", () => {
  test("is the same where the dialect is declared, whatever its fields hold", async () => {
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
          lineEnd: rendering.lineEnd as "\n",
          encoding: "utf-8",
        })
        const read = await readTable(declared, chunkedFile(text, chunkBytes))
        expect(read.header).toEqual(table.header)
        expect(read.rows).toEqual(table.rows)
        expect(read.issues).toEqual([])
      }),
      { numRuns: 300 },
    )
  })

  test("is the same where nothing is declared", async () => {
    let right = 0
    let all = 0
    await fc.assert(
      fc.asyncProperty(tables({ rows: [6, 40], columns: [2, 9] }), renderings, async (table, rendering) => {
        const { header, rows } = await readTable(csv(), chunkedFile(render(whole(table), rendering)))
        all++
        const same = JSON.stringify([header, rows]) === JSON.stringify([table.header, withoutVoidEnd(table.rows)])
        if (same) right++
        // Some tables can be read in two ways by anybody; nearly all cannot.
        else if (right < all * 0.98 && all > 50) expect([header, rows]).toEqual([table.header, table.rows])
      }),
      { numRuns: 250, seed: 7, endOnFailure: true },
    )
    expect(right / all).toBeGreaterThan(0.985)
  })

  test("is the same in any encoding that can hold it", async () => {
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

describe("where a file is cut into chunks", () => {
  const text =
    'id,note,amount\r\n1,"a ""quoted"", note",1.5\n2,"two\r\nlines",2.5\r\n3,ü–日本𝒳,3\n\n4,short\n5,"unclosed,5\n6,"x"y,6\n7,a,b,7\n8,last,8'

  test("makes no difference to rows, issues, lines and offsets, at every byte", async () => {
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

  test("makes no difference to any text in any dialect", async () => {
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
