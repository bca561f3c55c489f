import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { columnOf } from "../../src/model/column-of.ts"
import { BooleanColumn } from "../../src/model/columns/boolean-column.ts"
import { DateColumn } from "../../src/model/columns/date-column.ts"
import { MissingColumn } from "../../src/model/columns/missing-column.ts"
import { NumberColumn } from "../../src/model/columns/number-column.ts"
import { cellsOf, textLayouts } from "./layouts.ts"

const texts = fc.array(
  fc.oneof({ weight: 5, arbitrary: fc.string({ unit: "grapheme", maxLength: 12 }) }, { weight: 1, arbitrary: fc.constant(null) }),
  {
    maxLength: 40,
  },
)
const instants = fc.date({ noInvalidDate: false })
const anything = fc.oneof(
  fc.constantFrom(null, undefined),
  fc.double(),
  fc.boolean(),
  instants,
  fc.string(),
  fc.bigInt(),
  fc.array(fc.integer(), { maxLength: 3 }),
  fc.dictionary(fc.string(), fc.integer(), { maxKeys: 3 }),
)

describe("columnOf", () => {
  test("gives back every value it was made of, undefined as null", () => {
    const oneKind = fc.oneof(fc.array(fc.option(fc.double())), fc.array(fc.option(fc.boolean())), fc.array(fc.option(instants)))
    fc.assert(
      fc.property(fc.oneof(fc.array(anything), oneKind), (values) => {
        const column = columnOf(values)
        expect(cellsOf(column)).toEqual(values.map((value) => value ?? null))
        expect(column.nulls.count).toBe(values.filter((value) => value === null || value === undefined).length)
      }),
    )
  })

  test("takes the narrowest layout that holds all values", () => {
    expect(columnOf([1, null, Number.NaN])).toBeInstanceOf(NumberColumn)
    expect(columnOf([true, undefined])).toBeInstanceOf(BooleanColumn)
    expect(columnOf([new Date(0), new Date(Number.NaN)])).toBeInstanceOf(DateColumn)
    expect(columnOf([1, "1"]).kind).toBe("value")
    expect(columnOf([null, null]).kind).toBe("value")
  })

  test("fills a column that is longer than its values with nulls", () => {
    const column = columnOf([1], 3)
    expect(cellsOf(column)).toEqual([1, null, null])
    expect(column.nulls.count).toBe(2)
  })
})

describe("text in bytes, in a dictionary and as values", () => {
  test("is the same text", () => {
    fc.assert(
      fc.property(texts, (cells) => {
        for (const make of Object.values(textLayouts)) expect(cellsOf(make(cells))).toEqual(cells)
      }),
    )
  })

  test("has the same dictionary, and its codes give the text", () => {
    fc.assert(
      fc.property(texts, (cells) => {
        for (const make of Object.values(textLayouts)) {
          const { codes, values } = make(cells).dictionary()
          expect(new Set(values).size).toBe(values.length)
          cells.forEach((cell, row) => {
            if (cell !== null) expect(values[codes[row] ?? -1]).toBe(cell)
          })
        }
      }),
    )
  })

  test("has ranges that hold the text as UTF-8", () => {
    fc.assert(
      fc.property(texts, (cells) => {
        for (const make of Object.values(textLayouts)) {
          const { bytes, starts, ends } = make(cells).ranges()
          cells.forEach((cell, row) => {
            if (cell !== null) expect(Buffer.from(bytes.subarray(starts[row], ends[row])).toString()).toBe(cell)
          })
        }
      }),
    )
  })

  test("makes each of these once", () => {
    for (const make of Object.values(textLayouts)) {
      const column = make(["a", null, "b"])
      expect(column.dictionary()).toBe(column.dictionary())
      expect(column.ranges()).toBe(column.ranges())
    }
  })
})

describe("numbers, times and flags", () => {
  test("are the values themselves, and NaN or 0 at nulls, even if the column mixes kinds", () => {
    const numbers = columnOf([1.5, null])
    const mixed = columnOf([1.5, "1.5", null])
    for (const column of [numbers, mixed]) {
      const held = Reflect.apply(column.numbers, column, [])
      expect([held[0], held[1], held[held.length - 1]]).toEqual([1.5, Number.NaN, Number.NaN])
    }
    expect([...columnOf([new Date(7), null]).times.call(columnOf([new Date(7), null]) as DateColumn)]).toEqual([7, Number.NaN])
    expect([...(columnOf([true, null, false]) as BooleanColumn).flags()]).toEqual([1, 0, 0])
  })
})

test("a missing column is null in every row", () => {
  expect(cellsOf(new MissingColumn(3))).toEqual([null, null, null])
  expect(new MissingColumn(3).nulls.count).toBe(3)
})
