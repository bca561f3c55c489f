import fc from "fast-check"
import { expect, test } from "vitest"
import { columnOf } from "../../src/model/column-of.ts"
import { rowMaker, rowObject } from "../../src/model/row-view.ts"
import { textLayouts } from "./layouts.ts"

test("rows made one after another are those that are asked for alone, whether a column repeats a few words or not", () => {
  const rows = 300
  const words = fc
    .integer({ min: 1, max: 40 })
    .chain((most) =>
      fc.array(fc.option(fc.nat(most).map((word) => (word === 0 ? "" : `wörd ${word}`))), { minLength: rows, maxLength: rows }),
    )
  fc.assert(
    fc.property(words, fc.constantFrom(...Object.values(textLayouts)), fc.constantFrom([], ["n"], ["text"]), (texts, layout, absent) => {
      const numbers = texts.map((text, row) => (text === null ? null : row))
      const shape = {
        names: ["n", "text", "__proto__"],
        columns: [columnOf(numbers), layout(texts), layout(texts)],
        absent: new Set(absent),
      }
      const make = rowMaker(shape)
      for (let row = 0; row < rows; row++) {
        const made = make(row)
        expect(made).toStrictEqual(rowObject(shape, row))
        expect(Object.keys(made)).toEqual(shape.names.filter((name) => texts[row] !== null || !absent.includes(name as never)))
      }
    }),
    { numRuns: 20 },
  )
})
