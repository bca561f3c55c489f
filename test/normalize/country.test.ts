import countries from "i18n-iso-countries"
import { expect, test } from "vitest"
import { country } from "../../src/normalize/country.ts"
import { stageContext } from "../run-stage.ts"

const read = (text: string | number, options = {}) => country(options).parse(text, stageContext())

test.each([
  ["Germany", "DE"],
  [" germany ", "DE"],
  ["DEU", "DE"],
  ["de", "DE"],
  ["276", "DE"],
  [36, "AU"],
  ["036", "AU"],
  ["Cote d'Ivoire", "CI"],
  ["Côte d’Ivoire", "CI"],
  ["USA", "US"],
])("%j is read as %s", (given, code) => {
  expect(read(given)).toBe(code)
})

test("names are read in the declared languages", () => {
  expect(read("Österreich")).toMatchObject({
    code: "country.unreadable",
    suggestion: 'Declare the language, as in country({ languages: ["de"] }).',
  })
  expect(read("Österreich", { languages: ["en", "de"] })).toBe("AT")
  expect(read("Austria", { languages: ["en", "de"] })).toBe("AT")
})

test("an unknown name fails with the nearest one, and with none if there is no single one", () => {
  expect(read("Germny")).toMatchObject({
    code: "country.unreadable",
    message: '"Germny" is not the name or code of a country.',
    suggestion: 'Did you mean "Germany" (DE)?',
  })
  expect(read("Atlantis")).not.toHaveProperty("suggestion")
  expect(read("XX")).toMatchObject({ code: "country.unreadable" })
  expect(read("Irak", { languages: ["de"] })).toBe("IQ")
  expect(read("Irax")).not.toHaveProperty("suggestion")
})

test("every code is read as itself, whatever the languages", () => {
  const reading = country({ languages: countries.getSupportedLanguages() })
  for (const [two, three] of Object.entries(countries.getAlpha2Codes())) {
    expect([two, reading.parse(two, stageContext()), reading.parse(three, stageContext())]).toEqual([two, two, two])
  }
})

test("an unknown language is refused", () => {
  expect(() => country({ languages: ["tlh"] })).toThrow("takes a language that i18n-iso-countries has")
})
