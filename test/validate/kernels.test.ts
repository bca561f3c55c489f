import fc from "fast-check"
import { describe, expect, test, vi } from "vitest"
import { z } from "zod"
import { columnOf } from "../../src/model/column-of.ts"
import { EmailTest, emailPattern } from "../../src/validate/kernels/email-test.ts"
import { LengthTest } from "../../src/validate/kernels/length-test.ts"
import { NumberTest } from "../../src/validate/kernels/number-test.ts"
import { validate } from "../../src/validate/validate.ts"
import { zodStructure } from "../../src/validate/zod-structure.ts"
import { zodTests } from "../../src/validate/zod-tests.ts"
import { bytesColumn, textLayouts } from "../model/layouts.ts"
import { runStage, tableOf } from "../run-stage.ts"

describe("the kernel for email addresses", () => {
  const piece = fc.string({ unit: fc.constantFrom(..."ab1.@-_+'é %"), maxLength: 12 })
  const mail = fc.tuple(
    fc.string({ unit: fc.constantFrom(..."aZ9._+'-"), minLength: 1, maxLength: 8 }),
    fc.string({ unit: fc.constantFrom(..."aZ9.-"), minLength: 3, maxLength: 9 }),
  )

  test("implements the expression of the installed zod", () => {
    expect(z.regexes.email.source).toBe(emailPattern)
  })

  test("accepts exactly what the expression accepts", () => {
    const expression = new RegExp(emailPattern)
    fc.assert(
      fc.property(
        fc.oneof(
          piece,
          mail.map((parts) => parts.join("@")),
          mail.map(([local, domain]) => `${local}@${domain}.com`),
        ),
        (text) => {
          expect(new EmailTest().text(text)).toBe(expression.test(text))
        },
      ),
      { numRuns: 5000 },
    )
  })
})

test("the kernel for lengths passes nothing that code units or code points would refuse, in bytes and in strings", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "é", "漢", "😀", "\u0301"), maxLength: 9 })
  fc.assert(
    fc.property(text, fc.nat(6), fc.nat(6), (given, minimum, maximum) => {
      const points = [...given].length
      const sure = points >= minimum && given.length <= maximum
      const kernel = new LengthTest(minimum, maximum)
      expect(kernel.text(given)).toBe(sure)
      const bytes = Buffer.from(`😀${given}😀`)
      expect(kernel.bytes(bytes, 4, bytes.length - 4)).toBe(sure)
    }),
  )
})

test("the kernel for numbers marks anything that is not a finite number, and whole columns of another layout", () => {
  const doubts = new Uint8Array(4)
  const kernel = new NumberTest("number", { minimum: 0, maximum: 10, whole: true })
  kernel.doubt(columnOf([1, Number.NaN, 11, null]), doubts)
  expect([...doubts]).toEqual([0, 1, 1, 0])
  const mixed = new Uint8Array(2)
  kernel.doubt(columnOf([1, "1"]), mixed)
  expect([...mixed]).toEqual([1, 1])
})

test("exclusive bounds are exact to the last bit", async () => {
  const edges = [0, -0, 5e-324, -5e-324, 1, 1 + Number.EPSILON, 1 - Number.EPSILON / 2, 1e308, -1e308, Number.MAX_VALUE, -Number.MAX_VALUE]
  const near = fc.constantFrom(...edges)
  await fc.assert(
    fc.asyncProperty(near, near, fc.array(fc.oneof(near, fc.double()), { minLength: 1 }), async (low, high, values) => {
      const schema = z.object({ n: z.number().gt(low).lt(high) })
      const [batch] = await runStage(validate(schema), [tableOf({ n: columnOf(values) })])
      expect([...(batch?.selection ?? [])]).toEqual([...values.keys()].filter((row) => schema.safeParse({ n: values[row] }).success))
    }),
  )
})

describe("the schema itself", () => {
  const schema = z.object({
    id: z.number().int().positive(),
    mail: z.email(),
    name: z.string().min(2).max(9).optional(),
    kind: z.enum(["a", "b"]).nullable(),
    on: z.date().min(new Date("2000-01-01")),
    ok: z.boolean().default(true),
  })
  const columns = {
    id: bytesColumn(["1", "2", "-3", "4"]),
    mail: bytesColumn(["a@b.de", "c@d.org", "e@f.com", "no"]),
    name: bytesColumn(["ann", null, "bob", "cho"]),
    kind: bytesColumn(["a", null, "b", "a"]),
    on: bytesColumn(["2024-01-01", "2024-01-02", "2024-01-03", "2024-01-04"]),
    ok: bytesColumn(["true", "no", "yes", "f"]),
  }

  test("is asked only about rows that may fail", async () => {
    const ask = vi.spyOn(schema["~standard"], "validate")
    const [batch] = await runStage(validate(schema), [tableOf(columns)])
    expect([...(batch?.selection ?? [])]).toEqual([0, 1])
    expect(ask.mock.calls.map(([row]) => (row as { readonly id: number }).id)).toEqual([-3, 4])
    ask.mockRestore()
  })

  test("has a kernel for what most schemas declare", () => {
    const common = z.object({
      a: z.string(),
      b: z.string().min(1).max(5).regex(/x/),
      c: z.uuid(),
      d: z.iso.date().nullish(),
      e: z.int32().min(3),
      f: z.number().nonnegative().optional(),
      g: z.literal("x").default("x"),
      h: z.date().readonly(),
      i: z.boolean().nullable(),
    })
    const { columns = [] } = zodStructure(common) ?? {}
    expect(columns.filter(({ leaf }) => leaf === undefined || zodTests(leaf) === undefined).map(({ name }) => name)).toEqual([])
    expect(columns).toHaveLength(9)
  })

  test("returns rows whose columns are the bytes of the file if kernels passed them", async () => {
    const [batch] = await runStage(validate(schema), [tableOf(columns)])
    expect(batch?.columns.mail).toBe(columns.mail)
    expect(batch?.columns.id.kind).toBe("number")
  })
})

test("a text kernel gives the same verdict on a text in every layout", async () => {
  const schema = z.object({
    t: z
      .string()
      .min(2)
      .regex(/^[a-zé]*$/),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(fc.string({ unit: fc.constantFrom("a", "é", "1"), maxLength: 4 }), { minLength: 1 }), async (texts) => {
      const passing = await Promise.all(
        Object.values(textLayouts).map(async (make) => [
          ...((await runStage(validate(schema), [tableOf({ t: make(texts) })]))[0]?.selection ?? []),
        ]),
      )
      for (const rows of passing) expect(rows).toEqual([...texts.keys()].filter((row) => schema.safeParse({ t: texts[row] }).success))
    }),
  )
})
