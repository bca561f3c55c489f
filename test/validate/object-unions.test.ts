import { describe, expect, test } from "vitest"
import { z } from "zod"
import { declarationOf } from "../../src/contract/rule.ts"
import { csv } from "../../src/parsers/csv/csv.ts"
import { ndjson } from "../../src/parsers/json/ndjson.ts"
import { createPipeline } from "../../src/pipeline/build/create-pipeline.ts"
import { bytes } from "../../src/sources/bytes.ts"
import { validate } from "../../src/validate/validate.ts"
import { bytesColumn } from "../model/layouts.ts"
import { runStage, tableOf } from "../run-stage.ts"

/** Every row, or the column and code of each of its issues. */
async function verdicts(text: string, schema: z.ZodType<object>): Promise<readonly unknown[]> {
  const from = createPipeline({ name: "events" }).from(bytes(text))
  const parsed = text.startsWith("{") ? from.parse(ndjson()) : from.parse(csv({ delimiter: "," }))
  const found: unknown[] = []
  for await (const batch of parsed.validate(schema).batches())
    for (let row = 0; row < batch.length; row++)
      found.push(batch.selection.has(row) ? batch.rows.at(row) : batch.issues.of(row).map(({ column, code }) => `${column}: ${code}`))
  return found
}

const Sale = z.object({ type: z.literal("sale"), value: z.number().positive(), on: z.date() })
const Note = z.object({ type: z.literal("note"), value: z.string().min(2) })
const Gone = z.object({ type: z.enum(["gone", "lost"]), on: z.date().optional() })

describe("a discriminated union of objects", () => {
  const Event = z.discriminatedUnion("type", [Sale, Note, Gone])
  const file = [
    "type,value,on",
    "sale,5,2024-01-02",
    "note,55,x",
    "lost,x,",
    "gone,,2024-01-03",
    "sale,x,2024-01-02",
    "sale,-1,",
    "note,5,,",
    "none,1,2024-01-01",
    ",1,2024-01-01",
    "gone,x,y",
  ].join("\n")
  const expected = [
    { type: "sale", value: 5, on: new Date("2024-01-02") },
    { type: "note", value: "55" },
    { type: "lost" },
    { type: "gone", on: new Date("2024-01-03") },
    ["value: number.unreadable"],
    ["value: schema.too_small", "on: required"],
  ]

  test("reads each row of a text file as the object that the row names", async () => {
    const found = await verdicts(file, Event)
    expect(found.slice(0, 6)).toEqual(expected)
    expect(found.slice(7)).toEqual([["type: schema.invalid_union"], ["type: required"], ["on: date.unreadable"]])
  })

  test("may be refined, wrapped, caught and nested in another union", async () => {
    const forms: readonly z.ZodType<object>[] = [
      Event.refine(() => true),
      Event.readonly(),
      z.lazy(() => Event),
      z.discriminatedUnion("type", [z.discriminatedUnion("type", [Sale, Note]), Gone]),
    ]
    for (const form of forms) expect((await verdicts(file, form)).slice(0, 6), form.type).toEqual(expected)
    const caught = await verdicts(file, Event.catch({ type: "lost" }))
    expect(caught[4]).toEqual({ type: "lost" })
    const refined = Event.refine((event) => event.type !== "sale" || event.value < 5, { error: "too much", path: ["value"] })
    expect((await verdicts(file, refined))[0]).toEqual(["value: schema.custom"])
  })

  test("declares the columns of all its objects, and requires those that all of them require", async () => {
    const declared = declarationOf(validate(Event))
    expect(declared?.columns([])).toEqual([
      { name: "type", kind: "text", nullable: false },
      { name: "value", kind: "json", nullable: true },
      { name: "on", kind: "timestamp", nullable: true },
    ])
    expect(declared?.rules.map(({ name }) => name)).toContain("required.value")
    await expect(verdicts("value,on\n1,2024-01-01", Event)).rejects.toMatchObject({ code: "COLUMN_MISSING" })
    expect(await verdicts("type,value\nnote,five", Event)).toEqual([{ type: "note", value: "five" }])
  })

  test("takes nested objects of JSON records", async () => {
    const Shape = z.discriminatedUnion("kind", [
      z.object({ kind: z.literal("circle"), at: z.object({ x: z.number() }) }),
      z.object({ kind: z.literal("path"), points: z.array(z.object({ x: z.number() })).min(1) }),
    ])
    const lines = ['{"kind":"circle","at":{"x":1}}', '{"kind":"path","points":[{"x":2}]}', '{"kind":"path","points":[]}']
    expect(await verdicts(lines.join("\n"), Shape)).toEqual([
      { kind: "circle", at: { x: 1 } },
      { kind: "path", points: [{ x: 2 }] },
      ["points: schema.too_small"],
    ])
  })
})

describe("a union of objects", () => {
  test("takes the first object that accepts the row, and an empty cell is never 0", async () => {
    const Row = z.union([z.object({ id: z.int(), size: z.coerce.number() }), z.object({ id: z.int(), name: z.string() })])
    expect(await verdicts("id,size,name\n1,2,x\n2,,y\n3,,\nx,1,y", Row)).toEqual([
      { id: 1, size: 2 },
      { id: 2, name: "y" },
      ["undefined: schema.invalid_union"],
      ["id: number.unreadable"],
    ])
  })

  test("of strict objects allows the columns of the others to be empty, but not to have a value", async () => {
    const Row = z.union([z.strictObject({ a: z.string() }), z.strictObject({ b: z.string() })])
    expect(await verdicts("a,b\n1,\n,2\n3,4", Row)).toEqual([{ a: "1" }, { b: "2" }, ["undefined: schema.invalid_union"]])
  })

  test("of loose objects keeps the other columns of the file", async () => {
    const Row = z.union([z.looseObject({ a: z.number() }), z.looseObject({ b: z.date() })])
    const table = tableOf({ a: bytesColumn(["1", null]), b: bytesColumn([null, "2024-01-01"]), c: bytesColumn(["x", null]) })
    const [batch] = await runStage(validate(Row), [table])
    expect([...(batch?.rows ?? [])]).toEqual([
      { a: 1, c: "x" },
      { b: new Date("2024-01-01"), c: null },
    ])
  })

  test("may have null as another form, and an object may be combined with a record", async () => {
    const Row = z.union([z.object({ a: z.number() }), z.null(), z.object({ b: z.date() })])
    expect(await verdicts("a,b\n1,\n,2024-01-01", Row as z.ZodType<object>)).toEqual([{ a: 1 }, { b: new Date("2024-01-01") }])
    const Open = z.object({ a: z.number().min(2) }).and(z.record(z.string(), z.unknown()))
    expect(await verdicts("a,b\n1,x\n2,y", Open)).toEqual([["a: schema.too_small"], { a: 2, b: "y" }])
  })

  test("may transform its rows and be asynchronous", async () => {
    const Row = z
      .union([z.object({ a: z.number() }), z.object({ b: z.string().refine(async (text) => text !== "no") })])
      .transform((row) => ({ made: "a" in row ? row.a : row.b }))
    expect(await verdicts("a,b\n1,x\n,y\n,no", Row)).toEqual([{ made: 1 }, { made: "y" }, ["undefined: schema.invalid_union"]])
  })
})
