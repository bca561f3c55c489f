import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { country } from "../../src/country.ts"
import { iban } from "../../src/iban.ts"
import { cell } from "../../src/index.ts"
import type { CellValue } from "../../src/model/cell-value.ts"
import type { Normalizer } from "../../src/normalize/normalizer.ts"
import { phone } from "../../src/phone.ts"
import { stageContext } from "../run-stage.ts"

interface Case {
  readonly normalizer: Normalizer<unknown>
  /** Texts that it can often read. */
  readonly texts: fc.Arbitrary<string>
  /** Reads its values again, if their notation differs from that of the file. */
  readonly again?: Normalizer<unknown>
}

const context = stageContext()
const spaced = (texts: fc.Arbitrary<string>) =>
  fc.tuple(fc.constantFrom("", " ", "\t", "\u00a0"), texts, fc.constantFrom("", " ", "\u200b", "\u3000")).map((parts) => parts.join(""))
const prose = fc.string({ unit: fc.constantFrom(..."aé\u0301\u00a0 \t\u200b“”’ßİ🙂".split("")), maxLength: 12 })
const digits = (most: number) => fc.string({ unit: fc.constantFrom(..."0123456789".split("")), minLength: 1, maxLength: most })
const signed = fc.tuple(fc.constantFrom("", "-", "+", "\u2212"), digits(9)).map((parts) => parts.join(""))
const number = fc
  .tuple(signed, fc.constantFrom("", ".5", ".50", ".", ".005"), fc.constantFrom("", "", "e3", "E-2"))
  .map((parts) => parts.join(""))
const german = fc
  .tuple(fc.constantFrom("", "-"), fc.constantFrom("1", "12", "123", "1.234", "12.345.678"), fc.constantFrom("", ",5", ",50", ",500"))
  .map((parts) => parts.join(""))
const amount = fc.tuple(fc.constantFrom("$", "", "($"), number, fc.constantFrom("", ")", "-", " %")).map((parts) => parts.join(""))
const day = fc.date({ min: new Date("1900-01-01"), max: new Date("2099-12-31"), noInvalidDate: true }).map((date) => date.toISOString())
const category = cell.category({ paid: ["payed", "settled in full"], "not paid": ["öffen"] }, { ignoreAccents: true })

const cases: { readonly [name: string]: Case } = {
  "cell.text()": { normalizer: cell.text(), texts: prose },
  "cell.text({ trim: false })": { normalizer: cell.text({ trim: false }), texts: prose },
  "cell.text({ clean: true })": { normalizer: cell.text({ clean: true }), texts: prose },
  "cell.text({ clean: { form: NFKC } })": { normalizer: cell.text({ clean: { form: "NFKC", quotes: false } }), texts: prose },
  "cell.number()": { normalizer: cell.number(), texts: number },
  "cell.number({ locale })": { normalizer: cell.number({ locale: "de" }), texts: german },
  "cell.number({ percent, currency, accounting })": {
    normalizer: cell.number({ percent: true, currency: "$", accounting: true }),
    texts: amount,
  },
  "cell.integer()": { normalizer: cell.integer(), texts: number },
  "cell.decimal()": { normalizer: cell.decimal(), texts: number },
  "cell.decimal({ scale })": { normalizer: cell.decimal({ scale: 3, precision: 9 }), texts: number },
  "cell.decimal({ percent, currency, accounting })": {
    normalizer: cell.decimal({ percent: true, currency: "$", accounting: true }),
    texts: amount,
  },
  // 1,500 in German is 1.500: the value is no German number.
  "cell.decimal({ locale })": { normalizer: cell.decimal({ locale: "de", scale: 3 }), texts: german, again: cell.decimal({ scale: 3 }) },
  "cell.date()": { normalizer: cell.date(), texts: day },
  "cell.date(formats)": { normalizer: cell.date(["yyyy-MM-dd"], { zone: "Europe/Berlin" }), texts: day.map((text) => text.slice(0, 10)) },
  "cell.epoch()": { normalizer: cell.epoch("seconds"), texts: signed },
  "cell.boolean()": { normalizer: cell.boolean(), texts: fc.constantFrom("yes", "NO", "t", "0") },
  "cell.oneOf()": { normalizer: cell.oneOf("a", "B"), texts: fc.constantFrom("a", "B") },
  "cell.category()": { normalizer: category, texts: fc.constantFrom("PAID", "payed", "settledin full", "offen", "Not  Paid") },
  "cell.url()": {
    normalizer: cell.url({ defaultProtocol: "https" }),
    texts: fc.oneof(
      fc.webUrl({ withQueryParameters: true, withFragments: true }),
      fc.constantFrom("Example.com/ä?b c", "HTTP://a.B/../c#d e", "münchen.de"),
    ),
  },
  // The value of a JSON text may be a text that is no JSON.
  "cell.json()": { normalizer: cell.json(), texts: fc.array(fc.jsonValue()).map((value) => JSON.stringify(value)) },
  "cell.withNulls()": { normalizer: cell.withNulls(cell.integer(), ["-"]), texts: fc.oneof(signed, fc.constant("-")) },
  "cell.required()": { normalizer: cell.required(cell.decimal()), texts: number },
  "phone()": {
    normalizer: phone({ country: "DE" }),
    texts: fc.oneof(
      digits(8).map((rest) => `030 ${rest}`),
      digits(7).map((rest) => `+44 20 7${rest}`),
    ),
  },
  "iban()": { normalizer: iban(), texts: fc.constantFrom("de89 3704 0044 0532 0130 00", "IBAN GB82-WEST-1234-5698-7654-32", "DE1") },
  "country()": { normalizer: country({ languages: ["en", "de"] }), texts: fc.constantFrom("Germany", "deu", "276", "österreich", "USA") },
}

describe("a value is read again as itself", () => {
  test.each(Object.entries(cases))("by %s", (_name, { normalizer, texts, again = normalizer }) => {
    let read = 0
    fc.assert(
      fc.property(spaced(texts), (text) => {
        const value = normalizer.parse(text, context)
        if (isUnreadable(value) || value === null) return
        read++
        expect(again.parse(value as CellValue, context)).toEqual(value)
      }),
      { numRuns: 300 },
    )
    expect(read).toBeGreaterThan(30)
  })

  test("by every normalizer of the library", () => {
    const names = Object.keys(cell).filter((name) => !Object.keys(cases).some((each) => each.startsWith(`cell.${name}(`)))
    expect(names).toEqual([])
  })
})

function isUnreadable(value: unknown): boolean {
  return typeof value === "object" && value !== null && "unreadable" in value
}
