import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { parseNumber, plainForm } from "../../src/cells/parse-number.ts"
import { decimalTexts, noNumbers } from "./decimal-texts.ts"

/** The number in the middle of other bytes, as it stands in a batch; the plain form with it. */
function parse(text: string): { readonly value: number; readonly plain: string } {
  const bytes = Buffer.from(`8${text}9`)
  const value = parseNumber(bytes, 1, bytes.length - 1)
  return { value, plain: bytes.toString("utf8", plainForm.start, plainForm.end) }
}

describe("parseNumber", () => {
  test("gives the double that Number gives, to the last bit", () => {
    fc.assert(
      fc.property(decimalTexts, fc.constantFrom("", " ", "\t", "\u00a0", " \u3000\r\n"), (text, space) => {
        const number = Number(text)
        // Beyond the largest double there is no number, and no infinity in a file.
        expect(parse(space + text + space).value).toBe(Number.isFinite(number) ? number : Number.NaN)
      }),
      { numRuns: 3000 },
    )
  })

  test("refuses what is no decimal number", () => {
    fc.assert(
      fc.property(noNumbers, (text) => {
        expect(parse(text).value).toBeNaN()
      }),
      { numRuns: 1000 },
    )
  })

  test("reads a field of a million digits, and refuses one that is too large, without losing its breath", () => {
    expect(parse(`0.${"1".repeat(1_000_000)}`).value).toBe(1 / 9)
    expect(parse("1".repeat(1_000_000)).value).toBeNaN()
  })

  test("keeps the sign of a negative zero", () => {
    expect(parse("-0.0").value).toBe(-0)
  })
})

describe("the plain form", () => {
  test("is JSON of the same number, in at most 15 digits, without zeros at the end of a fraction", () => {
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

  test("is there for every number of at most 15 digits that a program writes", () => {
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
