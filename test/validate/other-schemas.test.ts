import type { StandardSchemaV1 } from "@standard-schema/spec"
import { type } from "arktype"
import * as v from "valibot"
import { describe, expect, test } from "vitest"
import { z } from "zod"
import { boolean } from "../../src/normalize/boolean.ts"
import { date } from "../../src/normalize/date.ts"
import { normalize } from "../../src/normalize/normalize.ts"
import { number } from "../../src/normalize/number.ts"
import { text } from "../../src/normalize/text.ts"
import { compose } from "../../src/pipeline/build/compose.ts"
import { validate } from "../../src/validate/validate.ts"
import { bytesColumn } from "../model/layouts.ts"
import { runStage, tableOf } from "../run-stage.ts"

const columns = () => ({
  sku: bytesColumn(["A1", "", "A3", "A4"]),
  price: bytesColumn(["1.5", "2", "-1", "4"]),
  note: bytesColumn(["x", null, "z", null]),
  since: bytesColumn(["2024-01-01", "2024-01-02", "2024-01-03", null]),
})
const typed = normalize({ columns: { price: number(), since: date(), sku: text(), note: text() } })

describe("valibot", () => {
  const Item = v.object({
    sku: v.pipe(v.string(), v.minLength(1, "no sku")),
    price: v.pipe(v.number(), v.minValue(0)),
    note: v.optional(v.string()),
    since: v.nullable(v.date()),
  })

  test("returns its own rows and messages; an empty cell is null or left out, as each property requires", async () => {
    const [batch] = await runStage(compose(typed, validate(Item)), [tableOf(columns())])
    expect([...(batch?.rows ?? [])]).toStrictEqual([
      { sku: "A1", price: 1.5, note: "x", since: new Date("2024-01-01") },
      { sku: "A4", price: 4, since: null },
    ])
    expect([...(batch?.issues ?? [])].map(({ row, issue }) => [row, issue.code, issue.column, issue.rule])).toEqual([
      [1, "schema.string", "sku", "schema"],
      [2, "schema.min_value", "price", "schema"],
    ])
  })

  test("may be asynchronous", async () => {
    const slow = v.objectAsync({
      sku: v.pipeAsync(
        v.string(),
        v.checkAsync(async (sku) => sku !== "A3", "sold out"),
      ),
    })
    const [batch] = await runStage(validate(slow), [tableOf({ sku: bytesColumn(["A1", "A3"]) })])
    expect([...(batch?.rows ?? [])]).toEqual([{ sku: "A1" }])
    expect(batch?.issues.of(1)[0]?.message).toBe("sold out")
  })
})

describe("arktype", () => {
  test("declares its kinds in its JSON schema, and text is read accordingly", async () => {
    const Item = type({ sku: "string > 0", price: "number >= 0", "note?": "string" })
    const [batch] = await runStage(validate(Item), [tableOf(columns())])
    expect([...(batch?.rows ?? [])]).toStrictEqual([
      { sku: "A1", price: 1.5, note: "x", since: "2024-01-01" },
      { sku: "A4", price: 4, since: null },
    ])
    expect([...(batch?.issues ?? [])].map(({ row, issue }) => [row, issue.column])).toEqual([
      [1, "sku"],
      [2, "price"],
    ])
  })

  test("with parts that JSON schema cannot express accepts cells that normalizers have read", async () => {
    const Item = type({ price: "number", since: "Date | null" })
    const [batch] = await runStage(compose(typed, validate(Item)), [tableOf(columns())])
    expect(batch?.issues.size).toBe(0)
    expect(batch?.rows.at(3)).toMatchObject({ price: 4, since: null })
  })

  test("that requires a column stops a table without it", async () => {
    await expect(runStage(validate(type({ gone: "string" })), [tableOf(columns())])).rejects.toMatchObject({ code: "COLUMN_MISSING" })
  })
})

describe("any Standard Schema", () => {
  /** Accepts rows whose a is true, and does not say which column is wrong. */
  const plain: StandardSchemaV1<unknown, { readonly a: boolean }> = {
    "~standard": {
      version: 1,
      vendor: "nobody",
      validate: (row) =>
        "a" in Object(row) && (row as { readonly a: unknown }).a !== true
          ? { issues: [{ message: "no" }] }
          : { value: row as { readonly a: boolean } },
    },
  }

  test("is tried with null first, then with empty cells left out", async () => {
    const stage = compose(normalize({ columns: { a: boolean() } }), validate(plain))
    const [batch] = await runStage(stage, [tableOf({ a: bytesColumn(["yes", null, "no"]) })])
    expect([...(batch?.selection ?? [])]).toEqual([0, 1])
    expect([...(batch?.rows ?? [])]).toStrictEqual([{ a: true }, {}])
    expect(batch?.issues.of(2)).toMatchObject([{ code: "schema.invalid", message: "no", rule: "schema", dimension: "validity" }])
  })
})

test("asynchronous refinements of a property and of the object are awaited", async () => {
  const even = async (n: number) => n % 2 === 0
  for (const schema of [z.object({ n: z.number().refine(even, "odd") }), z.object({ n: z.number() }).refine(({ n }) => even(n), "odd")]) {
    const [batch] = await runStage(validate(schema), [tableOf({ n: bytesColumn(["1", "2"]) })])
    expect([...(batch?.rows ?? [])]).toEqual([{ n: 2 }])
    expect(batch?.issues.of(0).map(({ message }) => message)).toEqual(["odd"])
  }
})
