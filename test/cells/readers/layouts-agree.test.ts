import fc from "fast-check"
import { expect, test } from "vitest"
import { numberNotationOf } from "../../../src/cells/number-notation.ts"
import { BooleanReader } from "../../../src/cells/readers/boolean-reader.ts"
import type { ColumnReader } from "../../../src/cells/readers/column-reader.ts"
import { DateReader } from "../../../src/cells/readers/date-reader.ts"
import { DecimalReader } from "../../../src/cells/readers/decimal-reader.ts"
import { NumberReader } from "../../../src/cells/readers/number-reader.ts"
import { TextReader } from "../../../src/cells/readers/text-reader.ts"
import { textLayouts } from "../../model/layouts.ts"
import { decimalTexts, noNumbers } from "../decimal-texts.ts"
import { readColumn } from "./read-column.ts"

const readers: { readonly [name: string]: ColumnReader } = {
  "a text reader": new TextReader({ trim: true }),
  "a text reader that does not trim": new TextReader({ trim: false }),
  "a number reader": new NumberReader(),
  "a reader of whole numbers": new NumberReader({ wholeOnly: true }),
  "a number reader with a locale": new NumberReader({ format: numberNotationOf("de") }),
  "a decimal reader": new DecimalReader(),
  "a decimal reader with a locale": new DecimalReader({ format: numberNotationOf("fr") }),
  "a decimal reader with limits": new DecimalReader({ limits: { precision: 8, scale: 2 } }),
  "a boolean reader": new BooleanReader(),
  "a date reader": new DateReader(),
  "a date reader with an order": new DateReader({ order: "mixed" }),
  "a date reader with a zone": new DateReader({ zone: "Europe/Berlin" }),
  "a date reader with formats": new DateReader({ formats: ["dd.MM.yyyy", "yyyy-MM-dd"] }),
}

const dates = fc.oneof(
  fc.date({ noInvalidDate: true, min: new Date("0001-01-01"), max: new Date("9999-12-31") }).map((date) => date.toISOString()),
  fc.constantFrom(
    "2024-02-29",
    "2024-02-30",
    "29.02.2024",
    "3 Mar 2024",
    "12/31/2024",
    "31/12/2024",
    "03/04/2024",
    "2024-01-01T10:00+02",
    "March 3, 2024",
  ),
)
const words = fc.constantFrom("true", "FALSE", "yes", "0", "1", "y", "maybe")
const space = fc.string({ unit: fc.constantFrom(" ", "\t", "\u00a0", "\u3000", "\ufeff", "\u0001"), maxLength: 2 })
const cell = fc
  .tuple(
    space,
    fc.oneof(decimalTexts, noNumbers, dates, words, fc.string({ unit: "grapheme" }), fc.string({ minLength: 180, maxLength: 200 })),
    space,
  )
  .map((parts) => parts.join(""))
const long = fc.string({ unit: fc.constantFrom(..."0123456789"), minLength: 150, maxLength: 700 })

test.each(Object.entries(readers))("%s reads the same text in the same way in every layout", (_, reader) => {
  fc.assert(
    fc.property(
      fc.array(fc.option(fc.oneof({ weight: 9, arbitrary: cell }, { weight: 1, arbitrary: long })), { maxLength: 12 }),
      (cells) => {
        const [first, ...others] = Object.values(textLayouts).map((make) => readColumn(reader, make(cells)))
        for (const other of others) expect(other).toEqual(first)
        cells.forEach((given, row) => {
          if (given === null) expect(first?.[row]).toBeNull()
        })
      },
    ),
    { numRuns: 200 },
  )
})

test.each(Object.entries(readers))("%s does not change a value that it reads again", (_, reader) => {
  fc.assert(
    fc.property(fc.array(fc.option(cell), { maxLength: 8 }), (cells) => {
      for (const make of Object.values(textLayouts)) {
        const once = reader.read(make(cells), () => undefined)
        const codes: string[] = []
        const twice = reader.read(once, (_row, code) => codes.push(code))
        expect(codes).toEqual([])
        for (let row = 0; row < cells.length; row++) expect(twice.at(row)).toEqual(once.at(row))
      }
    }),
    { numRuns: 50 },
  )
})
