import { describe, expect, test } from "vitest"
import { z } from "zod"
import { RowgateError } from "../../src/errors/rowgate-error.ts"
import type { Column } from "../../src/model/column.ts"
import { columnOf } from "../../src/model/column-of.ts"
import { boolean } from "../../src/normalize/boolean.ts"
import { date } from "../../src/normalize/date.ts"
import { decimal } from "../../src/normalize/decimal.ts"
import { epoch } from "../../src/normalize/epoch.ts"
import { integer } from "../../src/normalize/integer.ts"
import { normalize } from "../../src/normalize/normalize.ts"
import type { Normalizer } from "../../src/normalize/normalizer.ts"
import { number } from "../../src/normalize/number.ts"
import { oneOf } from "../../src/normalize/one-of.ts"
import { text } from "../../src/normalize/text.ts"
import { withNulls } from "../../src/normalize/with-nulls.ts"
import { validate } from "../../src/validate/validate.ts"
import { textLayouts } from "../model/layouts.ts"
import { runStage, tableOf } from "../run-stage.ts"
import { cellCases, readCell } from "./cell-table.ts"

const normalizers: { readonly [written: string]: Normalizer<unknown> } = {
  "cell.text()": text(),
  "cell.number()": number(),
  "cell.integer()": integer(),
  "cell.decimal()": decimal(),
  "cell.date()": date(),
  "cell.boolean()": boolean(),
  'cell.number({ locale: "de" })': number({ locale: "de" }),
  "cell.decimal({ scale: 2 })": decimal({ scale: 2 }),
  "cell.decimal({ precision: 4, scale: 2 })": decimal({ precision: 4, scale: 2 }),
  'cell.date(["dd.MM.yyyy"])': date(["dd.MM.yyyy"]),
  'cell.date(undefined, { zone: "Europe/Berlin" })': date(undefined, { zone: "Europe/Berlin" }),
  'cell.oneOf("A", "B")': oneOf("A", "B"),
  'cell.decimal({ locale: "en", currency: "$", accounting: true })': decimal({ locale: "en", currency: "$", accounting: true }),
  "cell.decimal({ percent: true })": decimal({ percent: true }),
  'cell.date(["dd.MM.yy"], { pivot: 1930 })': date(["dd.MM.yy"], { pivot: 1930 }),
  'cell.date(["d. MMMM yyyy"], { locale: "de" })': date(["d. MMMM yyyy"], { locale: "de" }),
  'cell.epoch("milliseconds")': epoch("milliseconds"),
  'cell.withNulls(cell.integer(), ["N/A"])': withNulls(integer(), ["N/A"]),
}
const schemas: { readonly [written: string]: z.ZodType } = {
  "z.string()": z.string(),
  "z.number()": z.number(),
  "z.int()": z.int(),
  "z.date()": z.date(),
  "z.boolean()": z.boolean(),
  'z.enum(["A", "B"])': z.enum(["A", "B"]),
  "z.unknown()": z.unknown(),
  "z.string().nullable()": z.string().nullable(),
  "z.string().optional()": z.string().optional(),
  "z.string().nullish()": z.string().nullish(),
  'z.string().default("x")': z.string().default("x"),
  'z.string().catch("x")': z.string().catch("x"),
  "z.coerce.number()": z.coerce.number(),
}

/** Columns with a single cell. A text is tried in every layout that holds text. */
function columnsOf(cell: unknown): Column<unknown>[] {
  return typeof cell === "string" ? Object.values(textLayouts).map((make) => make([cell])) : [columnOf([cell])]
}

async function normalized(cell: Column<unknown>, normalizer: Normalizer<unknown>): Promise<unknown> {
  const [batch] = await runStage(normalize({ columns: { cell: normalizer } }), [tableOf({ cell })])
  const failure = batch?.issues.of(0).find(({ severity }) => severity === "error")
  return failure === undefined ? batch?.column("cell")?.at(0) : { outcome: failure.code }
}

async function validated(given: { readonly [name: string]: Column<unknown> }, schema: z.ZodType): Promise<unknown> {
  try {
    const [batch] = await runStage(validate(z.object({ cell: schema })), [tableOf(given)])
    const [issue] = batch?.issues.of(0) ?? []
    if (issue !== undefined) return { outcome: issue.code }
    const row: object = batch?.rows.at(0) ?? {}
    return "cell" in row ? row.cell : { outcome: "absent" }
  } catch (error) {
    if (error instanceof RowgateError) return { outcome: error.code }
    throw error
  }
}

describe("docs/cells.md, normalizers", () => {
  const cases = cellCases("Normalizers")
  test("covers every kind of cell and every normalizer", () => {
    expect(cases.length).toBeGreaterThan(200)
    expect(new Set(cases.map(({ declared }) => declared))).toEqual(new Set(Object.keys(normalizers)))
  })

  test.each(cases)("reads $cell with $declared as $result", async ({ cell, declared, result }) => {
    const normalizer = normalizers[declared] ?? expect.unreachable(declared)
    for (const column of columnsOf(readCell(cell))) expect(await normalized(column, normalizer)).toEqual(readCell(result))
  })

  test.each(cases)("$declared.parse() reads $cell as $result too", ({ cell, declared, result }) => {
    const value = readCell(cell)
    // A normalizer never gets a blank cell.
    if (typeof value === "string" && value.trim() === "") return
    const parsed = normalizers[declared]?.parse(value as string, {} as never)
    const outcome =
      typeof parsed === "object" && parsed !== null && "unreadable" in parsed && "code" in parsed ? { outcome: parsed.code } : parsed
    expect(outcome).toEqual(readCell(result))
  })
})

describe("docs/cells.md, schemas", () => {
  test.each(cellCases("Schemas"))("reads $cell with $declared as $result", async ({ cell, declared, result }) => {
    const schema = schemas[declared] ?? expect.unreachable(declared)
    for (const column of columnsOf(readCell(cell))) expect(await validated({ cell: column }, schema)).toEqual(readCell(result))
  })
})

describe("docs/cells.md, empty cells", () => {
  test.each(cellCases("Empty cells"))("reads $cell with $declared as $result", async ({ cell, declared, result }) => {
    const schema = schemas[declared] ?? expect.unreachable(declared)
    const given = cell === "no column" ? { other: columnOf(["x"]) } : { cell: columnOf([readCell(cell)]) }
    const expected = result === "COLUMN_MISSING" ? { outcome: result } : readCell(result)
    expect(await validated(given, schema)).toEqual(expected)
  })
})
