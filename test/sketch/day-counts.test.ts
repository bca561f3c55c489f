import fc from "fast-check"
import { expect, test } from "vitest"
import { DayCounts } from "../../src/sketch/day-counts.ts"
import { deal, mergeInPairs } from "./deal.ts"

const day = fc.integer({ min: -719_162, max: 2_932_896 })

function countsOf(days: readonly number[]): DayCounts {
  const counts = new DayCounts()
  for (const each of days) counts.add(each)
  return counts
}

test("quantiles of days are exact", () => {
  fc.assert(
    fc.property(fc.array(day, { minLength: 1, maxLength: 100 }), fc.double({ min: 0, max: 1, noNaN: true }), (days, share) => {
      const sorted = [...days].sort((one, other) => one - other)
      expect(countsOf(days).quantile(share)).toBe(sorted[Math.floor(share * (days.length - 1))])
    }),
  )
})

test("days outside of the years 1 to 9999 count on the nearest day within", () => {
  const counts = countsOf([-1e9, 1e9])
  expect([counts.quantile(0), counts.quantile(1)]).toEqual([-719_162, 2_932_896])
  expect(new Date((counts.quantile(0) ?? 0) * 86_400_000).toISOString()).toBe("0001-01-01T00:00:00.000Z")
  expect(new Date((counts.quantile(1) ?? 0) * 86_400_000).toISOString()).toBe("9999-12-31T00:00:00.000Z")
})

test("parts in any order merge to the counts of the whole", () => {
  const days = Array.from({ length: 5_000 }, (_, at) => ((at * 7919) % 40_000) - 10_000)
  const restored = deal(days, 9, 1).map((part) => DayCounts.from(JSON.parse(JSON.stringify(countsOf(part).state()))))
  const merge = (one: DayCounts, other: DayCounts) => {
    one.merge(other)
    return one
  }
  const merged = mergeInPairs(restored, merge, 2)
  expect(merged.state()).toEqual(countsOf(days).state())
  expect([merged.count, merged.countOf(days[0] ?? 0)]).toEqual([days.length, countsOf(days).countOf(days[0] ?? 0)])
})
