import fc from "fast-check"
import { expect, test } from "vitest"
import { columnOf } from "../../src/model/column-of.ts"
import { rowMaker, rowObject } from "../../src/model/row-view.ts"
import { textLayouts } from "./layouts.ts"

test("rows that are made in sequence equal rows that are made alone, whether or not a column repeats a few words", () => {
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

test("a row of thousands of columns has a property for each of them, whatever it is called", () => {
  const names = [...Array.from({ length: 1500 }, (_, at) => `k${at}`), "__proto__"]
  const columns = names.map((_, at) => columnOf(at % 100 === 0 ? [at, null] : [null, `text ${at}`]))
  const shape = { names, columns, absent: new Set<string>() }
  const make = rowMaker(shape)
  for (const row of [0, 1]) {
    const made = make(row)
    expect(Object.entries(made)).toEqual(names.map((name, at) => [name, columns[at]?.at(row)]))
    expect(Object.getPrototypeOf(made)).toBe(Object.prototype)
    expect(made).toStrictEqual(rowObject(shape, row))
  }
  const left = rowMaker({ ...shape, absent: new Set(["k1", "k100"]) })
  expect(Object.keys(left(0))).toEqual(names.filter((name) => name !== "k1"))
  expect(Object.keys(left(1))).toEqual(names.filter((name) => name !== "k100"))
})
