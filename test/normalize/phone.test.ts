import { expect, test } from "vitest"
import { phone } from "../../src/normalize/phone.ts"
import { stageContext } from "../run-stage.ts"

const read = (text: string | number, options = {}) => phone(options).parse(text, stageContext())

test.each([
  ["030 / 90 18 20", "DE", "+4930901820"],
  ["+49 (0)30 901820", "FR", "+4930901820"],
  ["0049 30 901820", "DE", "+4930901820"],
  ["(212) 555-2368", "US", "+12125552368"],
  [2125552368, "US", "+12125552368"],
  ["+442079460018", undefined, "+442079460018"],
])("%j in %s is %s", (given, country, number) => {
  expect(read(given, { country })).toBe(number)
})

test.each(["12", "030 12", "ask Ann", "call 030 901820 today", "+49 30 901820 / +49 30 901821", "+999 123456789"])(
  "%s is not a phone number",
  (given) => {
    expect(read(given, { country: "DE" })).toMatchObject({ code: "phone.unreadable" })
  },
)

test("a number without a country code fails unless the country is declared, and the suggestion declares it", () => {
  expect(read("030 901820")).toMatchObject({
    code: "phone.unreadable",
    message: '"030 901820" is not a phone number with a country code.',
    suggestion: 'Declare the country of numbers without a country code, as in phone({ country: "DE" }).',
  })
})

test("a number with an extension fails, because E.164 would lose it", () => {
  expect(read("+49 30 901820 ext. 5")).toMatchObject({ code: "phone.unreadable", message: expect.stringContaining("has an extension") })
})

test("an unknown country is refused", () => {
  expect(() => phone({ country: "XX" as "DE" })).toThrow(
    'The option country of phone() takes the ISO 3166 code of a country, such as "DE"; it got "XX".',
  )
})
