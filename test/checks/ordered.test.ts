import fc from "fast-check"
import { expect, test } from "vitest"
import { ordered } from "../../src/checks/ordered.ts"
import { foundBy, rowsFailedBy } from "./found-by.ts"

const days = fc.option(fc.integer({ min: 0, max: 400 }), { nil: null, freq: 5 })
const forms: { readonly [name: string]: (day: number) => unknown } = {
  dates: (day) => new Date(day * 86_400_000),
  numbers: (day) => day,
  decimals: (day) => `${day}.50`,
  "dates as texts": (day) => new Date(day * 86_400_000).toISOString().slice(0, 10),
}

test.each(Object.keys(forms))("finds %s that fall from one column to the next, and passes over empty cells", async (name) => {
  const form = (day: number | null) => (day === null ? null : forms[name]?.(day))
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(days, days, days), { minLength: 1, maxLength: 20 }), async (rows) => {
      const expected = rows.flatMap((row, at) => {
        const filled = row.filter((day) => day !== null)
        return filled.flatMap((day, place) => (place > 0 && day < (filled[place - 1] ?? 0) ? [at] : []))
      })
      const table = { a: rows.map(([day]) => form(day)), b: rows.map(([, day]) => form(day)), c: rows.map(([, , day]) => form(day)) }
      expect(await rowsFailedBy(ordered("a", "b", "c"), table)).toEqual(expected)
    }),
  )
})

test("blames the later column, and names both values", async () => {
  const table = { from: ["2025-01-09", "2025-01-02"], until: ["2025-01-02", "2025-01-02"] }
  expect(await foundBy(ordered("from", "until"), [table])).toEqual([
    expect.objectContaining({
      row: 0,
      code: "order.wrong",
      column: "until",
      dimension: "consistency",
      message: 'until is "2025-01-02", which is less than from, "2025-01-09".',
    }),
  ])
})

test("judges no texts that are neither numbers nor dates of one form", async () => {
  expect(
    await rowsFailedBy(ordered("a", "b"), { a: ["b", "09.01.2025", "2025-01-09"], b: ["a", "02.01.2025", "2025-01-01T10:00"] }),
  ).toEqual([])
})
