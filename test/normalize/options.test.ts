import { expect, test } from "vitest"
import { RowgateError } from "../../src/errors/rowgate-error.ts"
import { boolean } from "../../src/normalize/boolean.ts"
import { date } from "../../src/normalize/date.ts"
import { decimal } from "../../src/normalize/decimal.ts"
import { integer } from "../../src/normalize/integer.ts"
import { number } from "../../src/normalize/number.ts"
import { oneOf } from "../../src/normalize/one-of.ts"
import { text } from "../../src/normalize/text.ts"
import { stageContext } from "../run-stage.ts"

test.each([
  ["an unknown locale of number", () => number({ locale: "no_such" }), "no_such"],
  ["an unknown locale of integer", () => integer({ locale: "no_such" }), "no_such"],
  ["an unknown locale of decimal", () => decimal({ locale: "no_such" }), "no_such"],
  ["a date pattern without a year", () => date(["dd.MM"]), "has no day, month or year"],
  ["an unknown letter in a date pattern", () => date(["DD.MM.yyyy"]), '"DD"'],
  ["an unknown zone", () => date(undefined, { zone: "Europe/Nowhere" }), "Europe/Nowhere"],
  ["a scale greater than the precision", () => decimal({ precision: 2, scale: 3 }), "precision 2"],
  ["a precision of zero", () => decimal({ precision: 0 }), "it got 0"],
])("%s is refused when the pipeline is defined, with a remedy", (_name, make, named) => {
  try {
    make()
    expect.unreachable()
  } catch (error) {
    expect(error).toBeInstanceOf(RowgateError)
    expect(error).toMatchObject({ code: "CONFIG_INVALID", message: expect.stringContaining(named), remedy: expect.stringMatching(/./) })
  }
})

test("boolean accepts the given words in any case, and no others", () => {
  const { parse } = boolean({ true: ["Ja"], false: [" nein "] })
  const context = stageContext()
  expect([parse("JA", context), parse("Nein", context)]).toEqual([true, false])
  expect(parse("yes", context)).toMatchObject({ unreadable: true, code: "boolean.unreadable" })
})

test("text keeps white space if the options say so", () => {
  expect(text({ trim: false }).parse(" a ", stageContext())).toBe(" a ")
})

test("oneOf lists the possible values", () => {
  expect(oneOf("A", "B").parse("C", stageContext())).toMatchObject({ message: '"C" is not one of A, B.' })
})

test("a long cell is cut in messages", () => {
  expect(number().parse("x".repeat(1000), stageContext())).toMatchObject({ message: `"${"x".repeat(100)}…" is not a number.` })
})

test("text cleans only if the options say so", () => {
  const given = " “New\u00a0\u200b York” "
  expect(text().parse(given, stageContext())).toBe(given.trim())
  expect(text({ clean: true }).parse(given, stageContext())).toBe('"New York"')
  expect(text({ clean: { quotes: false } }).parse(given, stageContext())).toBe("“New York”")
  expect(text({ clean: true, trim: false }).parse(given, stageContext())).toBe(' "New York" ')
})
