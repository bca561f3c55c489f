import fc from "fast-check"
import { expect, test } from "vitest"
import { numberText } from "../../src/cells/number-text.ts"

test.each([
  [10115, "10115"],
  [1234.5599999999999, "1234.56"],
  [0.1 + 0.2, "0.3"],
  [-0, "0"],
  [1e21, "1000000000000000000000"],
  [-1.5e-7, "-0.00000015"],
  [123456789012345680, "123456789012346000"],
  [5e-324, `0.${"0".repeat(323)}5`],
  [Number.MAX_VALUE, `17976931348623157${"0".repeat(292)}`],
])("%d in a spreadsheet is written %j", (value, text) => {
  expect(numberText(value)).toBe(text)
})

test("a number is written without an exponent in at most 15 significant digits, and reads back as itself rounded to them", () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.double({ noNaN: true, min: -1e308, max: 1e308 }), fc.float({ noNaN: true, noDefaultInfinity: true })),
      (value) => {
        const text = numberText(value)
        expect(text).toMatch(/^-?(0|[1-9]\d*)(\.\d*[1-9])?$/)
        expect(text.replace(/[-.]/g, "").replace(/^0+|0+$/g, "").length).toBeLessThanOrEqual(15)
        expect(Number(text)).toBe(value === 0 ? 0 : Number(value.toPrecision(15)))
      },
    ),
    { numRuns: 2000 },
  )
})

test("a whole number of at most 15 digits is written in full", () => {
  fc.assert(
    fc.property(fc.integer({ min: -(10 ** 15) + 1, max: 10 ** 15 - 1 }), (value) => {
      expect(numberText(value)).toBe(String(value))
    }),
  )
})
