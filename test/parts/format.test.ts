import { readFile } from "node:fs/promises"
import fc from "fast-check"
import { expect, test } from "vitest"
import { DateColumn } from "../../src/model/columns/date-column.ts"
import type { RowShape } from "../../src/model/row-view.ts"
import type { TableBatch } from "../../src/model/table-batch.ts"
import { anyBatch } from "./batches.ts"
import { type PageBatch, type PageShape, readByPage, textOf } from "./page-reader.ts"
import { batchesOf, partOf } from "./part-bytes.ts"

/** What the library says about a batch, in the form of the page's reader. */
function asPage(batch: TableBatch<unknown>): Omit<PageBatch, "firstRow" | "tableNumber"> {
  const rows = Array.from({ length: batch.length }, (_, row) => row)
  const shape = ({ names, columns }: RowShape): PageShape => ({
    names,
    columns: columns.map((column) =>
      rows.map((row) => {
        const value = column.at(row)
        if (value === null) return "null"
        // A date of a file may have parts of a millisecond.
        return column instanceof DateColumn ? `date ${column.times()[row]}` : textOf(value)
      }),
    ),
  })
  return {
    table: JSON.parse(JSON.stringify(batch.table)),
    raw: shape(batch.rawShape),
    own: shape(batch.shape),
    origins: rows.map((row) => ({ ...batch.origin(row) })),
    selection: [...batch.selection],
    filtered: rows.filter((row) => batch.dropped(row)),
    issues: [...batch.issues.rows()].flatMap((row) => Array.from(batch.issues.found(row), (issue) => [row, { ...issue }] as const)),
    quality: batch.quality && [...batch.quality],
  }
}

test("a reader that knows only the page about part files reads the same batches", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyBatch, { minLength: 1, maxLength: 3 }), async (batches) => {
      const read = readByPage(await partOf(batches))
      let before = 0
      batches.forEach((batch, at) => {
        const { firstRow, tableNumber, ...page } = read[at] as PageBatch
        const expected = asPage(batch)
        // Values of any kind have tags; a test of values reads them.
        const isTagged = (text: string) => text.startsWith("value ")
        for (const shape of ["raw", "own"] as const) {
          const columns = page[shape].columns.map((column, index) =>
            column.map((text, row) => (isTagged(text) ? (expected[shape].columns[index]?.[row] ?? "") : text)),
          )
          expect({ ...page[shape], columns }).toEqual(expected[shape])
        }
        expect({ ...page, raw: 0, own: 0 }).toEqual({ ...expected, raw: 0, own: 0 })
        expect([firstRow, tableNumber]).toEqual([before, at])
        before += batch.length
      })
      expect(read).toHaveLength(batches.length)
    }),
    { numRuns: 50 },
  )
})

/**
 * `version-1.part` has eight orders as their validator left them, written by the first build that wrote part files. If the form of part files must
 * change, raise its version and write new files.
 */
test("a file of version 1 from an earlier build is read", async () => {
  const stored = await readFile(new URL("version-1.part", import.meta.url))
  const expected = JSON.parse(await readFile(new URL("version-1.json", import.meta.url), "utf8"))
  expect(JSON.parse(JSON.stringify((await batchesOf(stored)).map(asPage)))).toEqual(expected)
})
