import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { z } from "zod"
import type { Column } from "../../src/model/column.ts"
import { columnOf } from "../../src/model/column-of.ts"
import { validate } from "../../src/validate/validate.ts"
import { textLayouts } from "../model/layouts.ts"
import { runStage, tableOf } from "../run-stage.ts"
import { readCell, unreadable } from "./read-cell.ts"
import { type Property, properties, textCells } from "./zod-properties.ts"

type Cells = readonly (readonly unknown[])[]

/** The result of every row of a table: its values, or the messages of its failure. */
type Verdicts = readonly (object | readonly string[])[]

const names = ["a", "b", "constructor"]
const layouts = [...Object.entries(textLayouts), ["typed", undefined]] as const

/** Loops over typed rows with `safeParse`. This is slow and simple, and the library has to agree with it. */
async function byRow(schema: z.ZodType, given: readonly Property[], cells: Cells, extra: boolean): Promise<Verdicts> {
  const rows = cells[0]?.length ?? 0
  return await Promise.all(
    Array.from({ length: rows }, async (_, row) => {
      const messages: string[] = []
      const explained = new Set<unknown>()
      const typed: { [name: string]: unknown } = Object.create(null)
      given.forEach(({ kind, missing, catches }, at) => {
        const name = names[at] ?? ""
        let value = readCell(cells[at]?.[row], kind)
        if (value === unreadable && !catches) {
          messages.push(`${name}: unreadable`)
          explained.add(name)
        } else if (value === null && missing === "refused") {
          messages.push(`${name}: The column ${name} is empty, but requires a value.`)
          explained.add(name)
        }
        if (value === unreadable) value = null
        if (value !== null || missing !== "absent") typed[name] = value
      })
      if (extra) typed["extra"] = "kept"
      const result = await parse(schema, typed)
      for (const { path, message } of result.issues) if (!explained.has(path[0])) messages.push(`${String(path[0] ?? "")}: ${message}`)
      return messages.length > 0 ? messages.sort() : (result.data ?? {})
    }),
  )
}

/** An error that a refinement throws is a reason of the row like any other. */
async function parse(schema: z.ZodType, row: object) {
  try {
    const { data, error } = await schema.safeParseAsync(row)
    return { data: data as object | undefined, issues: error?.issues ?? [] }
  } catch (error) {
    return { data: undefined, issues: [{ path: [], message: `The schema threw (${error instanceof Error ? error.message : ""}).` }] }
  }
}

async function byPipeline(schema: z.ZodType, columns: { readonly [name: string]: Column<unknown> }): Promise<Verdicts> {
  const [batch] = await runStage(validate(schema), [tableOf(columns)])
  return Array.from({ length: batch?.length ?? 0 }, (_, row) => {
    const issues = batch?.issues.of(row) ?? []
    const messages = issues.map(({ code, column, message }) => `${column ?? ""}: ${code.endsWith(".unreadable") ? "unreadable" : message}`)
    return batch?.selection.has(row) === true ? (batch.rows.at(row) as object) : messages.sort()
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

const objects = fc.constantFrom(
  "plain",
  "loose",
  "strict",
  "refined",
  "refined with a path",
  "asynchronous",
  "catchall",
  "readonly",
  "transformed",
)

function objectOf(form: string, shape: { readonly [name: string]: z.ZodType }): z.ZodType {
  const same = (row: { readonly [name: string]: unknown }) => row["a"] === undefined || row["a"] === null || row["a"] !== row["b"]
  switch (form) {
    case "loose":
      return z.looseObject(shape)
    case "strict":
      return z.strictObject(shape)
    case "refined":
      return z.object(shape).refine(same, "a and b are the same")
    case "refined with a path":
      return z.object(shape).refine(same, { message: "the same as a", path: ["b"] })
    case "asynchronous":
      return z.object(shape).refine(async (row) => same(row), "a and b are the same")
    case "catchall":
      return z.object(shape).catchall(z.string().max(3))
    case "readonly":
      return z.object(shape).readonly()
    case "transformed":
      return z.object(shape).transform((row) => ({ ...row, b: undefined, made: String(row["a"] ?? "") }))
    default:
      return z.object(shape)
  }
}

const tables = fc.integer({ min: 1, max: 3 }).chain((width) =>
  fc.record({
    form: objects,
    given: fc.array(properties, { minLength: width, maxLength: width }),
    rows: fc.array(fc.array(textCells, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 6 }),
  }),
)

describe.each(layouts)("a zod object over %s columns", (_layout, layout) => {
  test("returns the rows, values and messages of a safeParse loop over the same rows", async () => {
    await fc.assert(
      fc.asyncProperty(tables, async ({ form, given, rows }) => {
        const schema = objectOf(form, Object.fromEntries(given.map(({ schema }, at) => [names[at], schema])))
        const made = given.map((property, at) =>
          column(
            rows.map((row) => row[at] ?? null),
            layout,
            property,
          ),
        )
        const columns = Object.fromEntries(made.map(([cells], at) => [names[at], cells]))
        const extra = form === "loose" || form === "catchall"
        if (extra) columns["extra"] = columnOf(rows.map(() => "kept"))
        const expected = await byRow(
          schema,
          given,
          made.map(([, cells]) => cells),
          extra,
        )
        expect(await byPipeline(schema, columns), given.map(({ label }) => label).join()).toEqual(expected)
      }),
      { numRuns: 250 },
    )
  })
})
