import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { productOf, sumOf } from "../../src/checks/equation.ts"
import { columnOf } from "../../src/model/column-of.ts"
import { textLayouts } from "../model/layouts.ts"
import { foundBy, rowsFailedBy } from "./found-by.ts"

/** A number of cents as a decimal text. */
const text = (cents: number) =>
  `${cents < 0 ? "-" : ""}${Math.floor(Math.abs(cents) / 100)}.${String(Math.abs(cents) % 100).padStart(2, "0")}`

describe("sumOf", () => {
  test("adds decimals exactly, and blames the column of the sum", async () => {
    const table = { net: ["0.1", "100.00", "1", null, "x"], tax: ["0.2", "19.00", "2", "1", "1"], total: ["0.3", "120.00", "3", "5", "5"] }
    expect(await foundBy(sumOf("total", ["net", "tax"]), [table])).toEqual([
      {
        row: 1,
        code: "sum.wrong",
        message: "total is 120.00, but net + tax is 119.00.",
        rule: "sumOf.total",
        dimension: "accuracy",
        column: "total",
        severity: "error",
        confidence: 1,
      },
    ])
  })

  test("subtracts columns, and names them in the message", async () => {
    const table = { net: [100, 100], tax: [19, 19], discount: [9, 9], total: [110, 111] }
    expect(await foundBy(sumOf("total", ["net", "tax"], { minus: ["discount"] }), [table])).toMatchObject([
      { row: 1, message: "total is 111, but net + tax - discount is 110." },
    ])
  })

  test("accepts what a tolerance allows, and no more, in numbers and in every layout of text", async () => {
    const cents = fc.integer({ min: -1e9, max: 1e9 })
    const row = fc.tuple(cents, cents, fc.integer({ min: -3, max: 3 }))
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 20 }), fc.integer({ min: 0, max: 2 }), async (rows, most) => {
        const wrong = rows.flatMap(([, , off], at) => (Math.abs(off) > most ? [at] : []))
        const columns = {
          net: rows.map(([net]) => net),
          tax: rows.map(([, tax]) => tax),
          total: rows.map(([net, tax, off]) => net + tax + off),
        }
        for (const tolerance of [text(most), most / 100])
          for (const make of [...Object.values(textLayouts), (texts: readonly string[]) => columnOf(texts.map(Number))]) {
            const table = Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, make(values.map(text))]))
            expect(await rowsFailedBy(sumOf("total", ["net", "tax"], { tolerance }), table)).toEqual(wrong)
          }
      }),
      { numRuns: 30 },
    )
  })

  test("adds numbers beyond the digits of a double if they are texts", async () => {
    const table = { a: ["90071992547409931234567.01"], b: ["0.02"], total: ["90071992547409931234567.04"] }
    expect(await foundBy(sumOf("total", ["a", "b"]), [table])).toMatchObject([
      { message: "total is 90071992547409931234567.04, but a + b is 90071992547409931234567.03." },
    ])
  })
})

describe("productOf", () => {
  test("multiplies exactly, within a tolerance", async () => {
    const table = {
      quantity: [3, 3, 2],
      price: ["0.335", "0.335", "9999999999999999.99"],
      amount: ["1.01", "1.02", "19999999999999999.98"],
    }
    expect(await foundBy(productOf("amount", ["quantity", "price"], { tolerance: 0.005 }), [table])).toMatchObject([
      { row: 1, code: "product.wrong", column: "amount", message: "amount is 1.02, but quantity * price is 1.005." },
    ])
    expect(await rowsFailedBy(productOf("amount", ["quantity", "price"]), table)).toEqual([0, 1])
  })
})
