import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { numberNotationOf, standardNotation, toPlainNumber } from "../../src/cells/number-notation.ts"

const locales = ["de", "en", "fr", "de-CH", "en-IN", "hi", "pl", "es", "pt-BR", "sv", "it-CH", "de-AT", "ru", "ja"]

describe.each(locales)("a number in the format of %s", (locale) => {
  test("is read as the platform writes it", () => {
    const format = numberNotationOf(locale)
    const writer = new Intl.NumberFormat(locale, { maximumFractionDigits: 4, numberingSystem: "latn" })
    fc.assert(
      fc.property(fc.integer({ min: -(10 ** 12), max: 10 ** 12 }), fc.constantFrom(1, 100, 10_000), (whole, divisor) => {
        const value = whole / divisor
        expect(Number(toPlainNumber(writer.format(value), format))).toBe(value === 0 ? 0 : value)
      }),
    )
  })

  test("is read without group separators too", () => {
    const { decimal } = numberNotationOf(locale)
    expect(toPlainNumber(`1234567${decimal}25`, numberNotationOf(locale))).toBe("1234567.25")
  })
})

describe("misplaced separators are refused", () => {
  test.each([
    ["de", "1.5"],
    ["de", "1.2345"],
    ["de", "12.34.567"],
    ["de", "1,234.5"],
    ["de", "0.123"],
    ["de", ".123"],
    ["de", "1.234.56"],
    ["de", "1,5,5"],
    ["de", "1,234.567"],
    ["en", "1,5"],
    ["en", "1,2345"],
    ["en", "0,500"],
    ["en", "1.234,5"],
    ["en", "1,,234"],
    ["en", "1234,567"],
    ["fr", "1 5"],
    ["de-CH", "1'5"],
    ["de-CH", "1'234\u2019567"],
    ["en-IN", "1,23,45"],
    ["en-IN", "123,45,678"],
    ["pl", "12 34"],
  ])("%s: %s", (locale, text) => {
    expect(toPlainNumber(text, numberNotationOf(locale))).toBeUndefined()
  })
})

describe("what people type is accepted", () => {
  test.each([
    ["de", "1.234,50", "1234.50"],
    ["de", "-1.234.567", "-1234567"],
    ["de", "0,123", "0.123"],
    ["en", "1,234.50", "1234.50"],
    ["fr", "1 234,5", "1234.5"],
    ["fr", "1\u202f234,5", "1234.5"],
    ["fr", "1\u00a0234,5", "1234.5"],
    ["de-CH", "1'234.5", "1234.5"],
    ["de-CH", "1\u2019234.5", "1234.5"],
    ["en-IN", "12,34,567.8", "1234567.8"],
    ["en-IN", "1,234,567", "1234567"],
    ["pl", "12 345,6", "12345.6"],
    ["sv", "\u22121 234,5", "-1234.5"],
    ["sv", "-1 234,5", "-1234.5"],
  ])("%s: %s is %s", (locale, text, plain) => {
    expect(toPlainNumber(text, numberNotationOf(locale))).toBe(plain)
  })
})

test("without a locale, digits may not be separated", () => {
  expect(toPlainNumber("1,234", standardNotation)).toBe("1,234")
  expect(toPlainNumber(" 12.5 ", standardNotation)).toBe("12.5")
})

test("an invalid locale tag is refused", () => {
  expect(() => numberNotationOf("no_such locale")).toThrow(RangeError)
})
