import { describe, expect, test } from "vitest"
import { z } from "zod"
import { RowgateError } from "../../src/errors/rowgate-error.ts"
import { ndjson } from "../../src/parsers/json/ndjson.ts"
import { createPipeline } from "../../src/pipeline/build/create-pipeline.ts"
import { bytes } from "../../src/sources/bytes.ts"
import { validate } from "../../src/validate/validate.ts"
import { bytesColumn } from "../model/layouts.ts"
import { runStage, tableOf } from "../run-stage.ts"

const columns = () => ({
  id: bytesColumn(["1", "2", "x", "4"]),
  note: bytesColumn(["a", null, "c", "d"]),
  size: bytesColumn([null, "5", "6", "7"]),
})
const Row = z.object({ id: z.int(), note: z.string().optional(), size: z.number().nullable(), kind: z.string().default("plain") })

describe("a check of the whole object", () => {
  test("sees rows of valid cells as the schema returns them, as plain objects that stay as they are", async () => {
    const seen: object[] = []
    const schema = Row.refine((row) => seen.push(row) > 0)
    const [batch] = await runStage(validate(schema), [tableOf(columns())])
    expect(seen).toStrictEqual([
      { id: 1, note: "a", size: null, kind: "plain" },
      { id: 2, size: 5, kind: "plain" },
      { id: 4, note: "d", size: 7, kind: "plain" },
    ])
    expect([...(batch?.rows ?? [])]).toEqual(seen)
    expect(batch?.columns.id.kind).toBe("number")
  })

  test("sees the other columns of a loose object, and the order of keys is that of the schema", async () => {
    const seen: string[][] = []
    const schema = z.looseObject({ size: z.number().nullable() }).refine((row) => seen.push(Object.keys(row)) > 0 && row["note"] !== "d")
    const [batch] = await runStage(validate(schema), [tableOf(columns())])
    expect(seen[0]).toEqual(["size", "id", "note"])
    expect([...(batch?.selection ?? [])]).toEqual([0, 1, 2])
    expect(batch?.issues.of(3).map(({ code, rule }) => [code, rule])).toEqual([["schema.custom", "schema"]])
  })

  test("names columns and nested values, and gives the schema's own messages", async () => {
    const schema = Row.superRefine((row, context) => {
      if (row.size === 7) context.addIssue({ code: "custom", path: ["size"], message: "seven" })
    }).check((context) => {
      if (context.value.id === 4) context.issues.push({ code: "custom", input: context.value, path: ["note", 0, "text"], message: "four" })
    })
    const [batch] = await runStage(validate(schema), [tableOf(columns())])
    expect(batch?.issues.of(3).map(({ column, message, path }) => [column, message, path])).toEqual([
      ["size", "seven", undefined],
      ["note", "four", [0, "text"]],
    ])
  })

  test("may change rows, in the first batch or in a later one", async () => {
    const schema = Row.check((context) => {
      if (context.value.id === 4) Object.assign(context.value, { note: "changed", more: 1 })
    })
    const made = await runStage(validate(schema), [tableOf({ id: bytesColumn(["1"]), size: bytesColumn(["1"]) }), tableOf(columns())])
    expect(made.flatMap((batch) => [...batch.rows])).toEqual([
      { id: 1, size: 1, kind: "plain" },
      { id: 1, note: "a", size: null, kind: "plain" },
      { id: 2, size: 5, kind: "plain" },
      { id: 4, note: "changed", size: 7, kind: "plain", more: 1 },
    ])
    const [overwritten] = await runStage(validate(Row.overwrite((row) => ({ ...row, id: 2 * row.id }))), [tableOf(columns())])
    expect([...(overwritten?.rows ?? [])].map(({ id }) => id)).toEqual([2, 4, 8])
  })

  test("may be asynchronous, throw, or decide by itself when it runs", async () => {
    const [slow] = await runStage(validate(Row.refine(async ({ id }) => id < 4, "late")), [tableOf(columns())])
    expect([...(slow?.selection ?? [])]).toEqual([0, 1])
    expect(slow?.issues.of(3).map(({ message }) => message)).toEqual(["late"])
    const throwing = Row.refine(({ id }) => {
      if (id === 4) throw new Error("four")
      return true
    })
    const [thrown] = await runStage(validate(throwing), [tableOf(columns())])
    expect(thrown?.issues.of(3).map(({ code }) => code)).toEqual(["schema.threw"])
    // A promise that nobody waits for would end the process.
    const rejecting = Row.refine(({ id }) => (id === 4 ? Promise.reject(new Error("four")) : Promise.resolve(true)))
    const cell = Row.extend({ id: z.int().refine(async (id) => (id === 4 ? Promise.reject(new Error("four")) : true)) })
    for (const schema of [rejecting, cell, rejecting.transform((row) => row)]) {
      const [rejected] = await runStage(validate(schema), [tableOf(columns())])
      expect(rejected?.issues.of(3).map(({ code, message }) => [code, message])).toEqual([["schema.threw", "The schema threw (four)."]])
    }
    const [when] = await runStage(validate(Row.refine(() => false, { when: ({ value }) => (value as { id: number }).id === 1 })), [
      tableOf(columns()),
    ])
    expect([...(when?.selection ?? [])]).toEqual([1, 3])
  })

  test("stops the run with an error of the library", async () => {
    const stopping = Row.refine(() => {
      throw new RowgateError({ code: "CONFIG_INVALID", message: "Stop.", remedy: "Go home." })
    })
    await expect(runStage(validate(stopping), [tableOf(columns())])).rejects.toMatchObject({ code: "CONFIG_INVALID" })
  })

  test("that rejects a row with an accepted empty cell never lets it pass, even if a coercion would make it pass", async () => {
    const schema = z.object({ id: z.int(), size: z.union([z.coerce.number(), z.null()]) }).refine(({ size }) => size !== null, "empty")
    const [batch] = await runStage(validate(schema), [tableOf(columns())])
    expect([...(batch?.rows ?? [])]).toEqual([
      { id: 2, size: 5 },
      { id: 4, size: 7 },
    ])
    expect(batch?.issues.of(0)).toHaveLength(1)
  })
})

test("issues of nested values keep their path below the column", async () => {
  const schema = z.object({ lines: z.array(z.object({ quantity: z.number() })), to: z.object({ city: z.object({ zip: z.string() }) }) })
  const line = '{"lines":[{"quantity":1},{"quantity":"x"}],"to":{"city":{"zip":7}}}'
  const pipeline = createPipeline({ name: "orders" }).from(bytes(line)).parse(ndjson()).validate(schema)
  const found: unknown[] = []
  for await (const batch of pipeline.batches()) for (const { issue } of batch.issues) found.push([issue.column, issue.path])
  expect(found).toEqual([
    ["lines", [1, "quantity"]],
    ["to", ["city", "zip"]],
  ])
})

test("a column named like something that objects inherit finds its header and is validated", async () => {
  const schema = z.object({ constructor: z.string().min(2), toString: z.string().optional(), valueOf: z.string().default("v") })
  const file = bytes("constructor,toString\nab,\nb,t\n", { name: "odd.csv" })
  const pipeline = createPipeline({ name: "odd" })
    .from(file)
    .validate(schema as z.ZodType<object>)
  const rows: object[] = []
  for await (const row of pipeline.rows()) rows.push(row)
  expect(rows.map((row) => Object.entries(row))).toEqual([
    [
      ["constructor", "ab"],
      ["valueOf", "v"],
    ],
  ])
})
