import { describe, expect, test } from "vitest"
import { z } from "zod"
import { declarationOf } from "../../src/contract/rule.ts"
import { columnOf } from "../../src/model/column-of.ts"
import { toBatches } from "../../src/model/to-batches.ts"
import { decimal } from "../../src/normalize/decimal.ts"
import { integer } from "../../src/normalize/integer.ts"
import { normalize } from "../../src/normalize/normalize.ts"
import { compose } from "../../src/pipeline/build/compose.ts"
import { check } from "../../src/validate/check.ts"
import { validate } from "../../src/validate/validate.ts"
import { bytesColumn } from "../model/layouts.ts"
import { runStage, stageContext, tableOf } from "../run-stage.ts"

const Order = z.object({ orderId: z.number(), note: z.string().optional() })

describe("the columns of a schema", () => {
  test("are matched under their own name without case and punctuation, once per table, and stored in the plan", async () => {
    const context = stageContext()
    const [batch] = await runStage(validate(Order), [tableOf({ "Order-ID": bytesColumn(["1"]), other: bytesColumn(["x"]) })], context)
    expect(batch?.rows.at(0)).toStrictEqual({ orderId: 1 })
    expect(batch?.names).toEqual(["orderId", "note"])
    expect(JSON.parse(JSON.stringify(context.plan))).toEqual({
      headers: {
        table: [
          ["orderId", "Order-ID"],
          ["note", null],
        ],
      },
    })
  })

  test("that are required and missing stop the run, and the error lists the existing ones and says what to do", async () => {
    await expect(runStage(validate(Order), [tableOf({ id: bytesColumn(["1"]), total: bytesColumn(["2"]) })])).rejects.toMatchObject({
      code: "COLUMN_MISSING",
      message: 'The table "table" lacks columns that the schema requires: "orderId".',
      remedy: 'Map its columns with normalize({ headers: ... }), or make the properties optional. The table has "id", "total".',
      origin: { table: "table", column: "orderId" },
    })
  })

  test("that normalize declared and the file lacks are still missing", async () => {
    const stage = compose(normalize({ columns: { orderId: integer() } }), validate(Order))
    await expect(runStage(stage, [tableOf({ total: bytesColumn(["2"]) })])).rejects.toMatchObject({ code: "COLUMN_MISSING" })
  })

  test("that are missing are not among those that the error says the file has, even if normalize declared them", async () => {
    const declared = normalize({ headers: { orderId: "order_id" }, columns: { orderId: integer(), quantity: integer(), total: decimal() } })
    const stage = compose(declared, validate(z.object({ orderId: z.number(), quantity: z.number(), total: z.string() })))
    const file = tableOf({ order_id: bytesColumn(["1"]), customer: bytesColumn(["Ann"]) })
    await expect(runStage(stage, [file])).rejects.toMatchObject({
      message: 'The table "table" lacks columns that the schema requires: "quantity", "total".',
      remedy: expect.stringMatching(/The table has "order_id", "customer"\.$/),
    })
  })

  test("that a strict schema does not name stop the run", async () => {
    const strict = z.strictObject({ id: z.string() })
    await expect(runStage(validate(strict), [tableOf({ id: bytesColumn(["1"]), total: bytesColumn(["2"]) })])).rejects.toMatchObject({
      code: "COLUMN_UNEXPECTED",
      message: 'The table "table" has columns that the strict schema does not name: "total".',
      remedy: expect.stringContaining("z.object"),
    })
    expect((await runStage(validate(strict), [tableOf({ ID: bytesColumn(["1"]) })]))[0]?.rows.at(0)).toEqual({ id: "1" })
  })

  test("that a loose schema does not name are kept after its own", async () => {
    const [batch] = await runStage(validate(z.looseObject({ id: z.number() })), [
      tableOf({ total: bytesColumn(["2"]), id: bytesColumn(["1"]) }),
    ])
    expect(batch?.names).toEqual(["id", "total"])
    expect(batch?.rows.at(0)).toEqual({ id: 1, total: "2" })
  })

  test("that appear only in a later batch are found then", async () => {
    const batches = []
    for await (const batch of toBatches([{ orderId: 1 }, { orderId: 2, NOTE: "late" }], { batchRows: 1 })) batches.push(batch)
    const made = await runStage(validate(Order), batches)
    expect(made.flatMap((batch) => [...batch.rows])).toStrictEqual([{ orderId: 1 }, { orderId: 2, note: "late" }])
  })

  test("are known through any wrapper of the object", async () => {
    const inner = z.object({ n: z.number() })
    const forms: readonly z.ZodType<object>[] = [
      inner.readonly(),
      z.lazy(() => inner),
      inner.transform(({ n }) => ({ twice: 2 * n })),
      inner.pipe(z.object({ n: z.number() })),
      z.intersection(inner, z.object({ m: z.number() })),
      inner.catch({ n: 0 }),
    ]
    for (const form of forms) {
      const [batch] = await runStage(validate(form), [tableOf({ n: bytesColumn(["21"]), m: bytesColumn(["7"]) })])
      expect(batch?.issues.size, form.type).toBe(0)
      expect(Object.values(batch?.rows.at(0) ?? {})[0]).toBe(form === forms[2] ? 42 : 21)
    }
  })

  test("are declared with their kinds, and with more detail if a normalizer has it", () => {
    const schema = z.object({
      id: z.int(),
      amount: z.string(),
      at: z.date().nullable(),
      ok: z.boolean().default(false),
      tags: z.array(z.string()).optional(),
      n: z.number(),
    })
    const stage = compose(normalize({ columns: { amount: decimal({ precision: 9, scale: 2 }), n: integer() } }), validate(schema))
    expect(declarationOf(stage)?.columns([])).toEqual([
      { name: "id", kind: "integer", nullable: false },
      { name: "amount", kind: "decimal", nullable: false, precision: 9, scale: 2 },
      { name: "at", kind: "timestamp", nullable: true },
      { name: "ok", kind: "boolean", nullable: false },
      { name: "tags", kind: "json", nullable: true },
      { name: "n", kind: "integer", nullable: false },
    ])
    expect(declarationOf(validate(z.object({ a: z.string() }).transform(({ a }) => ({ b: a }))))?.columns([])).toBeUndefined()
  })
})

describe("a row that fails", () => {
  const Row = z.object({ a: z.number(), b: z.string().min(3), c: z.date(), d: z.email() })

  test("keeps all its reasons, and reports an unreadable or empty cell once", async () => {
    const columns = { a: bytesColumn(["x"]), b: bytesColumn(["no"]), c: bytesColumn([null]), d: bytesColumn(["ann@example.com"]) }
    for (const schema of [Row, Row.refine(() => true)]) {
      const [batch] = await runStage(validate(schema), [tableOf(columns)])
      expect(batch?.issues.of(0).map(({ code, rule, dimension, column }) => [code, rule, dimension, column])).toEqual([
        ["number.unreadable", "schema.a", "validity", "a"],
        ["schema.too_small", "schema.b", "validity", "b"],
        ["required", "required.c", "completeness", "c"],
      ])
    }
  })

  test("does not pass because an earlier rule has reported something else about the same cell", async () => {
    const odd = check<{ readonly b: string }>(() => ({ code: "odd", message: "odd", severity: "warning" }), { columns: ["b"] })
    const stage = compose(normalize({ headers: { b: "b" } }), odd as never, validate(z.object({ b: z.string().min(3) })))
    const [batch] = await runStage(stage, [tableOf({ b: bytesColumn(["no"]) })])
    expect(batch?.issues.of(0).map(({ code }) => code)).toEqual(["odd", "schema.too_small"])
    expect(batch?.selection.size).toBe(0)
  })

  test("of an empty or unreadable cell is not spared by an earlier warning about the cell", async () => {
    const odd = check<{ readonly b: string }>(() => ({ code: "odd", message: "odd", column: "b", severity: "warning" }), { columns: ["b"] })
    const coerced = z.object({ b: z.coerce.number() })
    const union = z.union([z.object({ b: z.number().nullable() }), z.object({ b: z.date().nullable() })])
    for (const [schema, cell, code] of [
      [coerced, null, "required"],
      [union, "x", "number.unreadable"],
    ] as const) {
      const stage = compose(normalize({ headers: { b: "b" } }), odd as never, validate(schema as z.ZodType<object>))
      const [batch] = await runStage(stage, [tableOf({ b: bytesColumn([cell]) })])
      expect(batch?.issues.of(0).map((issue) => issue.code)).toEqual(["odd", code])
      expect(batch?.selection.size).toBe(0)
    }
  })

  test("assigns a refinement of the object to the row or to the column that it names, and never to an empty cell that may be empty", async () => {
    const schema = z
      .object({ a: z.string().nullable(), b: z.string() })
      .refine(({ a }) => a !== null, "a or nothing")
      .refine(({ a }) => a !== null, { message: "a is wanted", path: ["a"] })
    const [batch] = await runStage(validate(schema), [tableOf({ a: bytesColumn([null]), b: bytesColumn(["x"]) })])
    expect(batch?.issues.of(0).map(({ rule, dimension, column }) => [rule, dimension, column])).toEqual([
      ["schema", "validity", undefined],
      ["schema.a", "validity", "a"],
    ])
  })

  test("keeps its readable cells for later key checks, even if rows go through the schema as a whole", async () => {
    const columns = { id: bytesColumn(["1", "2"]), on: bytesColumn(["2024-01-01", "2024-01-02"]), b: bytesColumn(["bad", "ok"]) }
    const row = z.object({ id: z.number(), on: z.date(), b: z.string() })
    for (const schema of [row.refine(({ b }) => b !== "bad"), z.object({ ...row.shape, b: z.string().refine((text) => text !== "bad") })]) {
      const [batch] = await runStage(validate(schema), [tableOf(columns)])
      expect([...(batch?.selection ?? [])]).toEqual([1])
      expect([batch?.columns.id.kind, batch?.columns.id.at(0)]).toEqual(["number", 1])
      expect([batch?.columns.on.kind, batch?.columns.on.at(0)]).toEqual(["date", new Date("2024-01-01")])
    }
  })

  test("is the only one that fails if a refinement throws", async () => {
    const boom = (text: string) => {
      if (text === "boom") throw new Error("did not think of that")
      return true
    }
    for (const schema of [z.object({ a: z.string().refine(boom) }), z.object({ a: z.string() }).refine(({ a }) => boom(a))]) {
      const [batch] = await runStage(validate(schema), [tableOf({ a: bytesColumn(["ok", "boom"]) })])
      expect([...(batch?.selection ?? [])]).toEqual([0])
      expect(batch?.issues.of(1).map(({ code, message }) => [code, message])).toEqual([
        ["schema.threw", "The schema threw (did not think of that)."],
      ])
    }
  })
})

describe("a column of every batch", () => {
  test("exists even if no row of the batch passed", async () => {
    const schema = z.object({ a: z.string() }).refine(({ a }) => a !== "no")
    const made = await runStage(validate(schema), [tableOf({ a: bytesColumn(["no"]) }), tableOf({ a: bytesColumn(["yes"]) })])
    expect(made.map(({ names }) => names)).toEqual([["a"], ["a"]])
  })
})

test("an argument that is not a schema is refused when the pipeline is defined", () => {
  for (const wrong of [{}, null, 7, { "~standard": 1 }]) expect(() => validate(wrong as never)).toThrow(/takes a schema/)
})

test("a schema that does not return objects stops the run", async () => {
  const stage = validate(z.object({ a: z.string() }).transform(({ a }) => a))
  await expect(runStage(stage, [tableOf({ a: columnOf(["x"]) })])).rejects.toMatchObject({ code: "SCHEMA_INVALID" })
})
