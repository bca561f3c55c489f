import fc from "fast-check"
import { expect, test } from "vitest"
import { CountedMinima, missing } from "../../src/sketch/counted-minima.ts"
import { deal, mergeInPairs } from "./deal.ts"
import { hashOf } from "./seeded-hashes.ts"

function add(minima: CountedMinima<number>, value: number, times = 1): void {
  const hash = hashOf(value)
  if (minima.count(...hash, times) === missing) minima.insert(...hash, times, value)
}

function sketchOf(most: number, values: Iterable<number>): CountedMinima<number> {
  const minima = new CountedMinima<number>(most)
  for (const value of values) add(minima, value)
  return minima
}

test("up to k distinct values all counts are exact; beyond, those of the k smallest hashes are", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 400 }), fc.integer({ min: 1, max: 40 }), (values, most) => {
      const counts = new Map<number, number>()
      for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
      const order = (value: number) => (hashOf(value)[0] >>> 0) * 2 ** 20 + (hashOf(value)[1] >>> 12)
      const smallest = [...counts].sort(([one], [other]) => order(one) - order(other)).slice(0, most)
      const minima = sketchOf(most, values)
      expect(minima.entries().map(({ value, count }) => [value, count])).toEqual(smallest)
      expect(minima.isSample).toBe(counts.size > most)
      if (!minima.isSample) expect(minima.distinct()).toBe(counts.size)
    }),
  )
})

test("the standard error of the distinct count is at most the published 1 / sqrt(k - 2)", () => {
  const [most, distinct, trials] = [256, 20_000, 40]
  const errors = Array.from({ length: trials }, (_, trial) => {
    const values = Array.from({ length: distinct }, (_, at) => trial * 1e7 + at)
    return sketchOf(most, values).distinct() / distinct - 1
  })
  const standard = Math.sqrt(errors.reduce((sum, error) => sum + error * error, 0) / trials)
  expect(standard).toBeLessThan((1 / Math.sqrt(most - 2)) * (1 + 3 / Math.sqrt(2 * trials)))
})

test("the sample shows the share of distinct values with a property within its standard error", () => {
  // Every tenth value occurs twice.
  const values = Array.from({ length: 30_000 }, (_, at) => at).flatMap((value) => (value % 10 === 0 ? [value, value] : [value]))
  const entries = sketchOf(1024, values).entries()
  const share = entries.filter(({ count }) => count === 2).length / entries.length
  expect(Math.abs(share - 0.1)).toBeLessThan(3 * Math.sqrt((0.1 * 0.9) / 1024))
})

test.each([1, 2, 7, 60])("%i parts in any order merge to the sketch of the whole, to the bit", (parts) => {
  for (const distinct of [30, 64, 65, 4_000]) {
    const values = Array.from({ length: 8_000 }, (_, at) => (at * at) % distinct)
    const sketches = deal(values, parts, parts).map((part) => {
      return CountedMinima.from<number>(64, JSON.parse(JSON.stringify(sketchOf(64, part).state())))
    })
    const merge = (one: CountedMinima<number>, other: CountedMinima<number>) => {
      one.merge(other)
      return one
    }
    const merged = mergeInPairs(sketches, merge, parts)
    expect(JSON.stringify(merged.state())).toBe(JSON.stringify(sketchOf(64, values).state()))
  }
})
