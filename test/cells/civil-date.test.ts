import fc from "fast-check"
import { expect, test } from "vitest"
import { dayMs, daysFromCivil, daysInMonth } from "../../src/cells/civil-date.ts"

function utc(year: number, month: number, day: number): number {
  return new Date(0).setUTCFullYear(year, month - 1, day)
}

test("every day of the years 1 to 9999 has the number that Date gives it", () => {
  let expected = utc(1, 1, 1) / dayMs
  for (let year = 1; year <= 9999; year++)
    for (let month = 1; month <= 12; month++) {
      const days = daysInMonth(year, month)
      if (daysFromCivil(year, month, 1) !== expected || daysFromCivil(year, month, days) !== expected + days - 1) {
        expect.unreachable(`${year}-${month}`)
      }
      expected += days
    }
  expect(expected).toBe(utc(10_000, 1, 1) / dayMs)
})

test("a day that is not in the calendar has no number", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 9999 }),
      fc.integer({ min: -1, max: 14 }),
      fc.integer({ min: -1, max: 33 }),
      (year, month, day) => {
        const date = new Date(utc(year, month, day))
        const exists = date.getUTCMonth() + 1 === month && date.getUTCDate() === day
        expect(daysFromCivil(year, month, day)).toBe(exists ? utc(year, month, day) / dayMs : Number.NaN)
      },
    ),
  )
})
