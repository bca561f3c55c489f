import fc from "fast-check"
import { describe, expect, test } from "vitest"
import type { z } from "zod"
import type { Column } from "../../src/model/column.ts"
import { columnOf } from "../../src/model/column-of.ts"
import { validate } from "../../src/validate/validate.ts"
import { textLayouts } from "../model/layouts.ts"
import { runStage, tableOf } from "../run-stage.ts"
import { readCell, unreadable } from "./read-cell.ts"
import { comparable, expectedVerdict, messagesOf, schemaOf, type Verdict } from "./zod-oracle.ts"
import type { Property } from "./zod-properties.ts"
import { columnNames, lacksColumn, zodTables } from "./zod-tables.ts"

const layouts = [...Object.entries(textLayouts), ["typed", undefined]] as const

async function byPipeline(schema: z.ZodType, columns: { readonly [name: string]: Column<unknown> }): Promise<readonly Verdict[]> {
  const [batch] = await runStage(validate(schema), [tableOf(columns)])
  return Array.from({ length: batch?.length ?? 0 }, (_, row) => {
    return batch?.selection.has(row) === true ? (batch.rows.at(row) as object) : messagesOf(batch?.issues.of(row) ?? [])
  })
}

/** The cells of a property in a layout: unchanged text, or the values of a workbook. */
function column(
  cells: readonly (string | null)[],
  layout: (typeof layouts)[number][1],
  { kind }: Property,
): readonly [Column<unknown>, readonly unknown[]] {
  if (layout !== undefined) return [layout(cells), cells]
  const values = cells.map((cell) => {
    const value = readCell(cell, kind)
    return value === unreadable ? cell : value
  })
  return [columnOf(values), values]
}

describe.each(layouts)("a zod object over %s columns", (_layout, layout) => {
  test("returns the rows, values and messages of a safeParse loop over the same rows", async () => {
    await fc.assert(
      fc.asyncProperty(zodTables(), async (table) => {
        const { label, sketch, rows } = table
        const columns: { [name: string]: Column<unknown> } = { extra: columnOf(rows.map(() => "kept")) }
        const cells: { [name: string]: unknown }[] = rows.map(() => ({}))
        for (const name of columnNames) {
          const property = Object.hasOwn(sketch.properties, name) ? sketch.properties[name] : undefined
          if (property === undefined || !Object.hasOwn(rows[0] ?? {}, name)) continue
          const [made, values] = column(
            rows.map((row) => (row[name] ?? null) as string | null),
            layout,
            property,
          )
          columns[name] = made
          for (const [row, value] of values.entries()) Object.assign(cells[row] ?? {}, { [name]: value })
        }
        if (!sketch.form.takesOthers) delete columns["extra"]
        if (lacksColumn(table)) {
          await expect(byPipeline(schemaOf(sketch), columns), label).rejects.toMatchObject({ code: "COLUMN_MISSING" })
          return
        }
        if (Object.keys(columns).length === 0) return
        const expected = await Promise.all(cells.map((row) => expectedVerdict(sketch, row, { extra: "kept" })))
        const found = await byPipeline(schemaOf(sketch), columns)
        const all = (verdicts: readonly Verdict[]) => verdicts.map((verdict) => comparable(verdict, sketch))
        expect(all(found), label).toEqual(all(expected))
      }),
      { numRuns: 250 },
    )
  })
})
