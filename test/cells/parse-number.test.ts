import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { parseNumber, plainForm } from "../../src/cells/parse-number.ts"
import { decimalTexts, noNumbers } from "./decimal-texts.ts"

/** Reads the number, and its plain form, from the middle of other bytes, as in a batch. */
function parse(text: string): { readonly value: number; readonly plain: string } {
  const bytes = Buffer.from(`8${text}9`)
  const value = parseNumber(bytes, 1, bytes.length - 1)
  return { value, plain: bytes.toString("utf8", plainForm.start, plainForm.end) }
}

describe("parseNumber", () => {
  test("returns exactly the double that Number returns", () => {
    fc.assert(
      fc.property(decimalTexts, fc.constantFrom("", " ", "\t", "\u00a0", " \u3000\r\n"), (text, space) => {
        const number = Number(text)
        // Beyond the largest double, text is not a number: a file has no infinity.
        expect(parse(space + text + space).value).toBe(Number.isFinite(number) ? number : Number.NaN)
      }),
      { numRuns: 3000 },
    )
  })

  test("refuses anything that is not a decimal number", () => {
    fc.assert(
      fc.property(noNumbers, (text) => {
        expect(parse(text).value).toBeNaN()
      }),
      { numRuns: 1000 },
    )
  })

  test("reads a field of a million digits, and refuses a number that is too large, in reasonable time", () => {
    expect(parse(`0.${"1".repeat(1_000_000)}`).value).toBe(1 / 9)
    expect(parse("1".repeat(1_000_000)).value).toBeNaN()
  })

  test("keeps the sign of a negative zero", () => {
    expect(parse("-0.0").value).toBe(-0)
  })
})

describe("the plain form", () => {
  test("is JSON of the same number, in at most 15 digits and without trailing zeros in the fraction", () => {
    fc.assert(
      fc.property(decimalTexts, (text) => {
        const { value, plain } = parse(text)
        if (plain === "") return
        expect(JSON.parse(plain)).toBe(value)
        expect(plain.replace(/[-.]/g, "").length).toBeLessThanOrEqual(15)
        expect(plain).not.toMatch(/\.\d*0$|\.$|[eE+]|^\./)
      }),
      { numRuns: 3000 },
    )
  })

  test("exists for every number of at most 15 digits that a program writes", () => {
    const cents = fc.integer({ min: -(10 ** 14), max: 10 ** 14 }).map((whole) => (whole / 100).toFixed(2))
    fc.assert(
      fc.property(fc.oneof(cents, fc.integer().map(String)), (text) => {
        expect(parse(text).plain).not.toBe("")
      }),
    )
  })

  test.each([
    ["12.00", "12"],
    ["-0.50", "-0.5"],
    [" 7 ", "7"],
    ["0.", "0"],
    ["+7", ""],
    [".5", ""],
    ["007", ""],
    ["1e3", ""],
    ["1234567890123456", ""],
    ["x", ""],
  ])("of %j is %j", (text, plain) => {
    expect(parse(text).plain).toBe(plain)
  })
})
