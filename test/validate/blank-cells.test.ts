import { describe, expect, test } from "vitest"
import { z } from "zod"
import { columnOf } from "../../src/model/column-of.ts"
import { validate } from "../../src/validate/validate.ts"
import { bytesColumn } from "../model/layouts.ts"
import { runStage, tableOf } from "../run-stage.ts"

/** What became of an empty cell: the value that the row has, `"left out"`, or the code of its issue. */
async function fateOf(row: z.ZodType, column = bytesColumn([null, "5"])): Promise<unknown> {
  const [batch] = await runStage(validate(row), [tableOf({ a: column, b: bytesColumn(["x", "y"]) })])
  if (batch?.selection.has(0) !== true) return batch?.issues.of(0).map(({ code }) => code)
  const made = batch.rows.at(0) as { readonly a?: unknown }
  return "a" in made ? made.a : "left out"
}

const aware = (value: unknown) => value ?? "none"
const required = ["required"]

/** Properties, and what an empty cell becomes. */
const properties: readonly (readonly [string, z.ZodType, unknown])[] = [
  ["a union of coercions", z.union([z.coerce.number(), z.coerce.date()]), required],
  ["a coercion or text", z.union([z.coerce.number(), z.string()]), required],
  ["text or a coercion", z.string().or(z.coerce.date()), required],
  ["a coercion or null", z.union([z.coerce.number(), z.null()]), null],
  ["null or a coercion", z.union([z.null(), z.coerce.date()]), null],
  ["a union of a union", z.union([z.literal("x"), z.union([z.coerce.bigint(), z.boolean()])]), required],
  ["an optional coercion or text", z.union([z.coerce.number(), z.string()]).optional(), "left out"],
  ["a coercion or text with a default", z.union([z.coerce.number(), z.string()]).default("d"), "d"],
  ["an intersection of coercions", z.intersection(z.coerce.number(), z.coerce.number().min(0)), required],
  ["an intersection of a coercion and anything", z.coerce.number().and(z.unknown()), required],
  ["a coercion after anything", z.unknown().pipe(z.coerce.number()), required],
  ["a coercion after a nullable", z.string().nullable().pipe(z.coerce.number()), required],
  ["a coercion in a lazy schema", z.lazy(() => z.coerce.number().readonly()), required],
  ["a coercion behind preprocess", z.preprocess((value) => value, z.coerce.number()), ["schema.invalid_type"]],
  ["Number as preprocess", z.preprocess(Number, z.number()), ["schema.invalid_type"]],
  ["a date as preprocess", z.preprocess((value) => new Date(value as string), z.date()), ["schema.invalid_type"]],
  ["Number as preprocess of a nullable", z.preprocess(Number, z.number().nullable()), null],
  ["preprocess that passes null on", z.preprocess((value) => value, z.number().nullable()), null],
  ["preprocess that fills in", z.preprocess(aware, z.string()), "none"],
  [
    "preprocess of an optional coercion",
    z.preprocess((value) => (value === "" ? undefined : value), z.coerce.number().optional()),
    "left out",
  ],
  ["a date of anything", z.any().transform((value) => new Date(value)), required],
  ["a number of anything", z.unknown().transform(Number), required],
  ["a transform of anything that fills in", z.any().transform(aware), "none"],
  ["a transform of a nullable", z.string().nullable().transform(aware), "none"],
  ["anything", z.unknown(), null],
  ["text or undefined", z.union([z.string(), z.undefined()]), "left out"],
  ["a literal null", z.literal(["x", null]), null],
  ["a required default", z.nonoptional(z.string().default("d")), required],
  ["a required nullish", z.nonoptional(z.string().nullish()), null],
  ["a required optional coercion", z.nonoptional(z.coerce.date().optional()), required],
]

describe("an empty cell of", () => {
  test.each(properties)(
    "%s never becomes 0 or 1970, whether or not rows go through the schema as a whole",
    async (_name, property, expected) => {
      const row = z.object({ a: property, b: z.string() })
      expect(await fateOf(row)).toEqual(expected)
      expect(await fateOf(row.refine(() => true))).toEqual(expected)
      // In a row of the whole schema, null must not reach a coercion, even if the property accepts null.
      const inRow = expected === null && /coercion or null|Number/.test(_name) ? required : expected
      const left = expected === "left out" && property.type === "union" && _name.includes("undefined") ? "left out" : inRow
      expect(await fateOf(row.overwrite((value) => value))).toEqual(left)
    },
  )

  test("a column that the file lacks is as the schema makes it, or stops the delivery if the schema requires a value", async () => {
    const lacking = async (property: z.ZodType) => {
      const table = tableOf({ b: bytesColumn(["x"]) })
      const [batch] = await runStage(validate(z.object({ a: property, b: z.string() })), [table])
      return batch?.rows.at(0)
    }
    expect(await lacking(z.preprocess(aware, z.string()))).toEqual({ a: "none", b: "x" })
    expect(await lacking(z.preprocess((value) => value, z.string().optional()))).toEqual({ b: "x" })
    expect(await lacking(z.union([z.coerce.number(), z.null()]))).toEqual({ a: null, b: "x" })
    for (const property of [z.string().default("d").nonoptional(), z.union([z.coerce.number(), z.string()])])
      await expect(lacking(property)).rejects.toMatchObject({ code: "COLUMN_MISSING" })
  })

  test("a row that an object-level catch replaces is not rejected before, and a cell that cannot be read counts as empty", async () => {
    const schema = z.object({ a: z.coerce.number().min(3), b: z.string() }).catch({ a: 3, b: "caught" })
    const table = tableOf({ a: bytesColumn(["7", null, "x", "1"]), b: bytesColumn(["ok", "ok", "ok", "ok"]) })
    const [batch] = await runStage(validate(schema), [table])
    expect(batch?.issues.size).toBe(0)
    expect([...(batch?.rows ?? [])]).toEqual([{ a: 7, b: "ok" }, ...Array.from({ length: 3 }, () => ({ a: 3, b: "caught" }))])
  })
})

test("columns are read as the kind that all forms of a property share", async () => {
  const schema = z.object({
    number: z.union([z.number(), z.null()]),
    list: z.union([z.literal(5), z.literal(6)]),
    both: z.intersection(z.number().min(1), z.number().max(9)),
    passed: z.unknown().pipe(z.number()),
    date: z.date().or(z.undefined()),
    code: z.templateLiteral(["A", z.number()]),
  })
  const cells = { number: "5", list: "6", both: "7", passed: "8", date: "2024-02-29", code: "A1" }
  const table = tableOf(Object.fromEntries(Object.entries(cells).map(([name, cell]) => [name, columnOf([cell])])))
  const [batch] = await runStage(validate(schema), [table])
  expect(batch?.issues.size).toBe(0)
  expect(batch?.rows.at(0)).toEqual({ number: 5, list: 6, both: 7, passed: 8, date: new Date("2024-02-29"), code: "A1" })
})
