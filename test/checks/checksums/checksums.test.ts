import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { gtin } from "../../../src/checks/checksums/gtin.ts"
import { iban } from "../../../src/checks/checksums/iban.ts"
import { isbn } from "../../../src/checks/checksums/isbn.ts"
import { isin } from "../../../src/checks/checksums/isin.ts"
import { luhn } from "../../../src/checks/checksums/luhn.ts"
import { vatNumber } from "../../../src/checks/checksums/vat-number.ts"
import { textLayouts } from "../../model/layouts.ts"
import { foundBy, rowsFailedBy } from "../found-by.ts"

const rules = { luhn: luhn("n"), iban: iban("n"), isin: isin("n"), gtin: gtin("n"), isbn: isbn("n"), vatNumber: vatNumber("n") } as const

/** Published examples: of the standards' own texts, of registries and of tax authorities. */
const right: { readonly [name in keyof typeof rules]: readonly string[] } = {
  luhn: ["79927398713", "4111111111111111", "4111 1111 1111 1111", "378282246310005", "49-015420-323751-8"],
  iban: [
    "GB82 WEST 1234 5698 7654 32",
    "DE89370400440532013000",
    "fr14 2004 1010 0505 0001 3m02 606",
    "NO93 8601 1117 947",
    "MT84MALT011000012345MTLCAST001S",
    "BE68539007547034",
    "CH9300762011623852957",
    "NL91ABNA0417164300",
  ],
  isin: ["US0378331005", "AU0000XVGZA3", "GB0002634946", "US38259P5089", "DE000BAY0017"],
  gtin: ["4006381333931", "036000291452", "96385074", "5901234123457", "10614141000415"],
  isbn: ["0-306-40615-2", "978-0-306-40615-7", "0-8044-2957-X", "9783161484100", "979-10-90636-07-1"],
  vatNumber: [
    "ATU13585627",
    "BE 0428.759.497",
    "BG 175 074 752",
    "CY-10259033P",
    "CZ 25123891",
    "DE 136 695 976",
    "DK 13585628",
    "EE 100 931 558",
    "EL 094259216",
    "GR 094259216",
    "ES 54362315-K",
    "ESX2482300W",
    "ES B-58378431",
    "FI 20774740",
    "FR 40303265045",
    "FR 83404833048",
    "HR 33392005961",
    "HU-12892312",
    "IE 6433435F",
    "IE 6433435OA",
    "IE 8D79739I",
    "IT 00743110157",
    "LT 119511515",
    "LT 100001919017",
    "LU 150 274 42",
    "LV 4000 3521 600",
    "MT 1167-9112",
    "NL 004495445B01",
    "NL 002455799B11",
    "PL 8567346215",
    "PT 501 964 843",
    "RO 185 472 90",
    "SE 123456789701",
    "SI 5022 3054",
    "SK 202 274 96 19",
  ],
}

describe.each(Object.keys(rules) as (keyof typeof rules)[])("%s", (name) => {
  test("accepts published examples, in every layout of a column, and no null", async () => {
    for (const make of Object.values(textLayouts)) expect(await foundBy(rules[name], [{ n: make([...right[name], null]) }])).toEqual([])
  })

  test("refuses every example with one other digit", async () => {
    const changed = right[name].flatMap((text) =>
      Array.from(text).flatMap((letter, at) => {
        if (!/\d/.test(letter)) return []
        return Array.from("0123456789").flatMap((digit) => (digit === letter ? [] : [text.slice(0, at) + digit + text.slice(at + 1)]))
      }),
    )
    const failed = new Set((await foundBy(rules[name], [{ n: changed }])).map(({ row }) => row))
    const passed = changed.filter((_, at) => !failed.has(at))
    expect(changed.length).toBeGreaterThan(100)
    expect(passed.length / changed.length).toBeLessThanOrEqual(missed[name] ?? 0)
  })

  test("names the cell, and says whether the form or the check digits are wrong", async () => {
    const [text = ""] = right[name]
    const last = text.replace(/\d(?=\D*$)/, (digit) => String((Number(digit) + 1) % 10))
    const [one, other] = await foundBy(rules[name], [{ n: [last, "none at all"] }])
    expect(one).toMatchObject({
      row: 0,
      code: "checksum.mismatch",
      column: "n",
      rule: `${name}.n`,
      dimension: "accuracy",
      severity: "error",
    })
    expect(one?.message).toBe(`${JSON.stringify(last)} is not ${one?.message.split(" is not ")[1]}`)
    expect(other).toMatchObject({ row: 1, code: "checksum.form", message: expect.stringMatching(/^"none at all" is not .*\.$/) })
  })
})

/** The share of single wrong digits that a rule cannot find: some countries have one check digit for two remainders, or accept one of several rules. */
const missed: { readonly [name: string]: number } = { vatNumber: 0.05 }

test("numbers may have lost their leading zeros, and texts may not", async () => {
  expect(await rowsFailedBy(gtin("n"), { n: [4006381333931, 36000291452, 36000291453] })).toEqual([2])
  expect(await rowsFailedBy(gtin("n"), { n: ["36000291452"] })).toEqual([0])
  expect(await rowsFailedBy(isbn("n"), { n: [306406152, 9780306406157, 306406153] })).toEqual([2])
  expect(await rowsFailedBy(luhn("n"), { n: [79927398713, 79927398710] })).toEqual([1])
})

test("a letter that was taken for a digit is the suggestion", async () => {
  expect(await foundBy(iban("n"), [{ n: ["DE8937O4OO44O532OI3OOO"] }])).toMatchObject([
    { suggestion: 'Did you mean "DE89370400440532013000"?' },
  ])
  expect(await foundBy(gtin("n"), [{ n: ["4OO6381333931"] }])).toMatchObject([{ suggestion: 'Did you mean "4006381333931"?' }])
})

test("a country stands for the missing prefix", async () => {
  const numbers = ["136695976", "DE136695976", "ATU13585627", "136695977", "12"]
  expect(await rowsFailedBy(vatNumber("n", { country: "DE" }), { n: numbers })).toEqual([3, 4])
  expect(await foundBy(vatNumber("n"), [{ n: ["136695976", "US123456789", "DE12"] }])).toMatchObject([
    { message: '"136695976" is not a VAT number: it does not begin with a country.' },
    { message: '"US123456789" is not a VAT number: US is no country of the European Union.' },
    { message: '"DE12" is not a VAT number: those of DE have 9 digits.' },
  ])
})

test("an equal text has the same finding in a dictionary as in a list", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...right.isin, "US0378331006", "x"), { minLength: 1, maxLength: 30 }), async (texts) => {
      const [column = texts] = [textLayouts["dictionary"]?.(texts)]
      expect(await foundBy(isin("n"), [{ n: column }])).toEqual(await foundBy(isin("n"), [{ n: texts }]))
    }),
  )
})
