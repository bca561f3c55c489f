import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { inOrder, numericDate, orderOf } from "../../src/cells/day-month.ts"
import { columnOf } from "../../src/model/column-of.ts"

describe("a date of three numbers", () => {
  test.each([
    ["31/12/2024", "day-first"],
    ["12/31/2024", "month-first"],
    ["03.04.2024", "day-first"],
    ["5/5/2024", "either"],
    ["03/04/2024", undefined],
    ["3-4-2024 14:30", undefined],
  ] as const)("%s shows: %s", (text, evidence) => {
    expect(numericDate(text)?.evidence).toBe(evidence)
    expect(numericDate(text)).toBeDefined()
  })

  test.each([
    "13/13/2024",
    "04.13.2024",
    "00/05/2024",
    "05/00/2024",
    "3/4/24",
    "3/4-2024",
    "2024/03/04",
    "3/4/2024 24:00",
    "3/4/2024 1:60",
    "x",
  ])("%s is not one", (text) => {
    expect(numericDate(text)).toBeUndefined()
  })

  test("is read correctly in the order in which it was written", () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date("1000-01-01"), max: new Date("9999-12-31"), noInvalidDate: true }),
        fc.boolean(),
        (date, dayFirst) => {
          const [day, month] = [date.getUTCDate(), date.getUTCMonth() + 1]
          const text = `${(dayFirst ? [day, month] : [month, day]).join("/")}/${date.getUTCFullYear()} ${date.toISOString().slice(11, 19)}`
          const numbers = numericDate(text)
          expect(numbers && inOrder(numbers, dayFirst ? "day-first" : "month-first")).toBe(Math.floor(date.getTime() / 1000) * 1000)
        },
      ),
    )
  })
})

describe("the order that a column proves", () => {
  test.each([
    [["03/04/2024", "25/12/2024", null, "x"], "day-first"],
    [["03/04/2024", "12/25/2024"], "month-first"],
    [["03/04/2024", "5/5/2024", 7], "undecided"],
    [["12/25/2024", "25/12/2024"], "mixed"],
    [["2024-01-05"], "undecided"],
  ])("%j: %s", (cells, order) => {
    expect(orderOf(columnOf(cells)).order).toBe(order)
  })
})
