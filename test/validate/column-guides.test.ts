import * as v from "valibot"
import { describe, expect, test } from "vitest"
import { z } from "zod"
import { columnGuides } from "../../src/report.ts"

describe("the guides of a schema", () => {
  test("say the kind, the bounds and the values of each column, and whether it is required", () => {
    const Order = z.object({
      id: z.number().int().min(1).max(999),
      status: z.enum(["new", "paid"]),
      size: z.literal([1, 2]).nullable(),
      code: z.string().length(3),
      name: z.string().min(2).max(20).optional(),
      price: z.number().positive().lt(1000),
      paid: z.boolean(),
      on: z.date().min(new Date("2025-01-01")),
      note: z.string().nullable(),
    })
    expect(columnGuides(Order)).toEqual([
      { name: "id", kind: "integer", required: true, minimum: { value: 1 }, maximum: { value: 999 } },
      { name: "status", kind: "text", required: true, values: ["new", "paid"] },
      { name: "size", kind: "number", required: false, values: [1, 2] },
      { name: "code", kind: "text", required: true, minLength: 3, maxLength: 3 },
      { name: "name", kind: "text", required: false, minLength: 2, maxLength: 20 },
      { name: "price", kind: "number", required: true, minimum: { value: 0, exclusive: true }, maximum: { value: 1000, exclusive: true } },
      { name: "paid", kind: "boolean", required: true },
      { name: "on", kind: "date", required: true, minimum: { value: new Date("2025-01-01") } },
      { name: "note", kind: "text", required: false },
    ])
  })

  test("have descriptions, formats and examples", () => {
    const [email, sku, city] = columnGuides(
      z.object({
        email: z.email().describe("Where the invoice goes."),
        sku: z
          .string()
          .regex(/^[A-Z]{2}-\d+$/)
          .meta({ examples: ["AB-1"] })
          .optional(),
        city: z.string().transform((text) => text.trim()),
      }),
    )
    expect(email).toMatchObject({ example: "name@example.com", notes: ["Where the invoice goes.", "It must be an e-mail address."] })
    expect(sku).toMatchObject({
      required: false,
      example: "AB-1",
      notes: ["It must have the form ^[A-Z]{2}-\\d+$ (a regular expression)."],
    })
    expect(city).toEqual({ name: "city", kind: "text", required: true })
  })

  test("of a union list the values that its objects take together", () => {
    const Payment = z.discriminatedUnion("by", [
      z.object({ by: z.literal("card"), number: z.string().max(16) }),
      z.object({ by: z.literal("bank"), number: z.string().max(34), when: z.date() }),
    ])
    expect(columnGuides(Payment)).toEqual([
      { name: "by", kind: "text", required: true, values: ["card", "bank"] },
      { name: "number", kind: "text", required: true },
      { name: "when", kind: "date", required: false },
    ])
  })

  test("of another library come from its JSON schema, if it has one", () => {
    const json = {
      type: "object",
      properties: {
        id: { type: "integer", minimum: 1 },
        state: { enum: ["on", "off"] },
        name: { anyOf: [{ type: "string", maxLength: 5, description: "Short." }, { type: "null" }] },
      },
      required: ["id", "state", "name"],
    }
    const validate = (value: unknown) => ({ value })
    const schema = { "~standard": { version: 1, vendor: "own", validate, jsonSchema: { input: () => json } } } as const
    expect(columnGuides(schema)).toEqual([
      { name: "id", kind: "number", required: true, minimum: { value: 1 } },
      { name: "state", kind: "text", required: true, values: ["on", "off"] },
      { name: "name", kind: "text", required: false, maxLength: 5, notes: ["Short."] },
    ])
    expect(() => columnGuides(v.object({ id: v.number() }))).toThrow(/does not tell its columns/)
  })
})
