import { Ajv2020 } from "ajv/dist/2020.js"
import { describe, expect, expectTypeOf, test } from "vitest"
import { bytes, createPipeline, type InferRow, memory } from "../../src/index.ts"
import { jsonSchema } from "../../src/json-schema.ts"

interface Order {
  readonly id: number
  readonly email?: string
  readonly country: string
  readonly amount: number | null
}

const orderSchema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  type: "object",
  properties: {
    id: { $ref: "#/$defs/id" },
    email: { type: "string", format: "email" },
    country: { enum: ["DE", "FR"] },
    amount: { anyOf: [{ type: "number", minimum: 0 }, { type: "null" }] },
  },
  required: ["id", "country"],
  $defs: { id: { type: "integer", minimum: 1 } },
}

const orders = createPipeline({ name: "orders" }).validate(jsonSchema<Order>(orderSchema))

async function issuesOf(
  text: string,
  schema: Parameters<typeof orders.validate>[0] | ReturnType<typeof jsonSchema> = jsonSchema(orderSchema),
) {
  const found: [row: number, code: string, column: string | undefined, message: string][] = []
  for await (const batch of createPipeline({ name: "found" })
    .from(bytes(text))
    .validate(schema as never)
    .batches())
    for (const { row, issue } of batch.issues) found.push([row, issue.code, issue.column, issue.message])
  return found.toSorted((one, other) => one[0] - other[0])
}

describe("a JSON Schema", () => {
  test("reads the cells of a text file as its types, and gives typed rows", async () => {
    const rows: Order[] = []
    const text = "id,email,country,amount\n1,a@b.de,DE,5.5\n2,,FR,\n"
    const typed = createPipeline({ name: "typed" }).from(bytes(text)).validate(jsonSchema<Order>(orderSchema))
    expectTypeOf<InferRow<typeof typed>>().toEqualTypeOf<Order>()
    for await (const row of typed.rows()) rows.push(row)
    expect(rows).toEqual([
      { id: 1, email: "a@b.de", country: "DE", amount: 5.5 },
      { id: 2, country: "FR", amount: null },
    ])
  })

  test("finds all issues of a row and blames their columns", async () => {
    expect(await issuesOf("id,email,country,amount\n0,none,DE,5\n2,a@b.de,XX,-1\nx,a@b.de,FR,1\n,a@b.de,DE,1\n")).toEqual([
      [0, "schema.minimum", "id", "Must be >= 1."],
      [0, "schema.format", "email", 'Must match format "email".'],
      [1, "schema.enum", "country", 'Must be equal to one of the allowed values: "DE", "FR".'],
      [1, "schema.minimum", "amount", "Must be >= 0."],
      [2, "number.unreadable", "id", '"x" is not a number.'],
      [3, "required", "id", expect.any(String)],
    ])
  })

  test("judges a value by the only form of a union that it may have", async () => {
    const schema = jsonSchema({
      type: "object",
      properties: { a: { anyOf: [{ type: "string", minLength: 2 }, { type: "string", pattern: "^x" }, { type: "null" }] }, d: {} },
      if: { properties: { b: { const: "c" } }, required: ["b"] },
      // biome-ignore lint/suspicious/noThenProperty: it is a keyword of JSON Schema.
      then: { required: ["d"] },
    })
    expect(await issuesOf('[{"a":"y"},{"b":"c"}]', schema)).toEqual([
      [0, "schema.anyOf", "a", "Must match a schema in anyOf."],
      [1, "schema.required", "d", "Must have required property 'd'."],
    ])
  })

  test("stops a delivery that lacks a required column", async () => {
    await expect(orders.into(memory()).run({ source: bytes("email\na@b.de\n") })).rejects.toThrow(
      expect.objectContaining({ code: "COLUMN_MISSING", message: expect.stringContaining('"id"') }),
    )
  })

  test("names the columns that it does not know, that depend on others, and the place within an object", async () => {
    const schema = jsonSchema({
      type: "object",
      properties: { a: { type: "object", properties: { b: { type: "array", items: { type: "number" } } } }, c: {}, d: {} },
      additionalProperties: false,
      dependentRequired: { c: ["d"] },
    })
    expect(await issuesOf('[{"a":{"b":[1,"x"]}},{"c":1},{"e":1}]', schema)).toEqual([
      [0, "schema.type", "a", "Must be number."],
      [1, "schema.dependentRequired", "d", "Must have property d when property c is present."],
      [2, "schema.additionalProperties", "e", "Must NOT have additional properties."],
    ])
  })

  test.each(["http://json-schema.org/draft-07/schema#", "https://json-schema.org/draft/2019-09/schema", undefined])(
    "of draft %s works",
    async ($schema) => {
      const schema = jsonSchema({
        ...($schema === undefined ? {} : { $schema }),
        type: "object",
        properties: { a: { type: "string", maxLength: 2 } },
      })
      expect(await issuesOf("a\nabc\n", schema)).toEqual([[0, "schema.maxLength", "a", "Must NOT have more than 2 characters."]])
    },
  )

  test("may use your own instance of ajv", async () => {
    const ajv = new Ajv2020({ allErrors: true, keywords: [{ keyword: "even", validate: (_: unknown, value: number) => value % 2 === 0 }] })
    const schema = jsonSchema({ type: "object", properties: { a: { type: "number", even: true } } }, { ajv })
    expect(await issuesOf("a\n1\n2\n", schema)).toMatchObject([[0, "schema.even", "a", expect.any(String)]])
  })

  test.each([
    [{ type: "text" }, "schema is invalid"],
    [{ $schema: "http://json-schema.org/draft-04/schema#" }, "no schema with key or ref"],
    [{ $ref: "other.json" }, "can't resolve reference other.json"],
    [{ $async: true }, "it is asynchronous ($async)"],
    ["{}", "jsonSchema() takes a JSON Schema as an object"],
  ])("that ajv cannot compile is refused: %j", (schema, message) => {
    expect(() => jsonSchema(schema as object)).toThrow(
      expect.objectContaining({ code: "SCHEMA_INVALID", message: expect.stringContaining(message) }),
    )
  })
})
