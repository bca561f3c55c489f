import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { blanksToNull } from "../../src/cells/blank-cells.ts"
import { columnOf } from "../../src/model/column-of.ts"
import { nullTexts } from "../../src/normalize/null-texts.ts"
import { cellsOf, textLayouts } from "../model/layouts.ts"

const space = fc.string({
  unit: fc.constantFrom(" ", "\t", "\r", "\n", "\u000b", "\u00a0", "\u3000", "\u2003", "\ufeff", "\u2028", "\u1680"),
  maxLength: 3,
})
const odd = fc.constantFrom("\u0000", "\u0001", "\u200b", "\u0085", "Â", "\u2010", "あ", "N/A", "n/a", "-", "é")
const text = fc.tuple(space, fc.oneof(fc.constant(""), odd, fc.string({ maxLength: 4 })), space).map((parts) => parts.join(""))

describe("blanksToNull", () => {
  test("makes blank cells null in every layout, and leaves the rest unchanged", () => {
    fc.assert(
      fc.property(fc.array(fc.option(text)), (cells) => {
        const expected = cells.map((cell) => (cell === null || cell.trim() === "" ? null : cell))
        for (const make of Object.values(textLayouts)) {
          const column = blanksToNull(make(cells))
          expect(cellsOf(column)).toEqual(expected)
          expect(column.nulls.count).toBe(expected.filter((cell) => cell === null).length)
        }
      }),
    )
  })

  test("makes the listed texts null, ignoring white space around them", () => {
    const texts = nullTexts(["N/A", " - ", "", "é"])
    fc.assert(
      fc.property(fc.array(fc.option(text)), (cells) => {
        const expected = cells.map((cell) => (cell === null || ["", "N/A", "-", "é"].includes(cell.trim()) ? null : cell))
        for (const make of Object.values(textLayouts)) expect(cellsOf(blanksToNull(make(cells), texts))).toEqual(expected)
      }),
    )
  })

  test("returns the column itself if no cell is blank, or if it holds no text", () => {
    for (const make of Object.values(textLayouts)) {
      const column = make(["a", null, "b"])
      expect(blanksToNull(column)).toBe(column)
    }
    for (const column of [columnOf([1, null]), columnOf([true]), columnOf([new Date(0)])]) expect(blanksToNull(column)).toBe(column)
  })

  test("does not change the given column", () => {
    const column = columnOf(["", 1, "x"])
    expect(cellsOf(blanksToNull(column))).toEqual([null, 1, "x"])
    expect(cellsOf(column)).toEqual(["", 1, "x"])
  })

  test("an empty list of texts is no list", () => {
    expect(nullTexts([" ", ""])).toBeUndefined()
  })
})
