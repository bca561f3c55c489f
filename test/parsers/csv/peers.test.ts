import { parse } from "csv-parse/sync"
import fc from "fast-check"
import papaparse from "papaparse"
import { describe, expect, test } from "vitest"
import { csv } from "../../../src/parsers/csv/csv.ts"
import { chunkedFile } from "../chunked-file.ts"
import { readTable } from "../read-table.ts"
import { type Rendering, render } from "./render.ts"
import { renderings, type Table, wildTables } from "./tables.ts"

/** Reads one dialect with the dialect declared. For the peers, a final row of empty fields is a row. */
async function ours(text: string, { delimiter, quote, escape: escaping, lineEnd }: Rendering): Promise<unknown> {
  const parser = csv({ delimiter, quote, escape: escaping, comment: null, header: true, encoding: "utf-8", lineEnd: lineEnd as "\n" })
  return (await readTable(parser, chunkedFile(text))).rows
}

function csvParse(text: string, { delimiter, quote, escape: escaping, lineEnd }: Rendering): unknown {
  const rows = parse(text, { delimiter, quote, escape: escaping, record_delimiter: lineEnd, relax_quotes: true }) as string[][]
  return rows.slice(1)
}

function papa(text: string, { delimiter, quote, escape: escaping, lineEnd }: Rendering): unknown {
  const { data } = papaparse.parse<string[]>(text, { delimiter, quoteChar: quote, escapeChar: escaping, newline: lineEnd as "\n" })
  return data.slice(1, text.endsWith(lineEnd) ? -1 : undefined)
}

const whole = ({ header, rows }: Table) => [header, ...rows]
const quoted = renderings.map((rendering): Rendering => ({ ...rendering, quoting: "all" }))

describe("quoted tables in every dialect", () => {
  test("are read like csv-parse reads them", async () => {
    await fc.assert(
      fc.asyncProperty(wildTables, quoted, async (table, rendering) => {
        const text = render(whole(table), rendering)
        expect(await ours(text, rendering)).toEqual(csvParse(text, rendering))
      }),
      { numRuns: 200 },
    )
  })

  test("are read like papaparse reads them", async () => {
    await fc.assert(
      fc.asyncProperty(wildTables, quoted, async (table, rendering) => {
        // A bug of papaparse: it does not undo an escaped escape if the escape is not the quote, and an escape before the closing quote hides
        // the quote.
        fc.pre(rendering.escape === rendering.quote || !table.rows.flat().some((field) => field.includes(rendering.escape)))
        const text = render(whole(table), rendering)
        expect(await ours(text, rendering)).toEqual(papa(text, rendering))
      }),
      { numRuns: 200 },
    )
  })
})

describe("where the other libraries are wrong", () => {
  const backslash: Rendering = { delimiter: ",", quote: '"', escape: "\\", lineEnd: "\n", quoting: "all" }

  test("an escaped escape at the end of a field is one character, and the field ends after it", async () => {
    const text = render([["path"], ["C:\\"], ["next"]], backslash)
    expect(await ours(text, backslash)).toEqual([["C:\\"], ["next"]])
    expect(papa(text, backslash)).not.toEqual([["C:\\"], ["next"]])
  })
})
