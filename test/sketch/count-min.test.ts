import { expect, test } from "vitest"
import { Random } from "../../examples/data/random.ts"
import { CountMin } from "../../src/sketch/count-min.ts"
import { deal, mergeInPairs } from "./deal.ts"
import { hashOf } from "./seeded-hashes.ts"

/** Few values that occur often, and many that occur once or twice. */
function skewed(seed: number, length: number): number[] {
  const random = new Random(seed)
  return Array.from({ length }, () => Math.floor(50_000 * random.next() ** 4))
}

function sketchOf(values: readonly number[]): CountMin {
  const sketch = new CountMin()
  for (const value of values) sketch.add(...hashOf(value), 1)
  return sketch
}

test("an estimate is never too low, and rarely too high by more than the published bound", () => {
  for (const seed of [1, 2, 3]) {
    const values = skewed(seed, 60_000)
    const counts = new Map<number, number>()
    for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
    const sketch = sketchOf(values)
    let tooHigh = 0
    for (const [value, count] of counts) {
      const estimate = sketch.estimate(...hashOf(value))
      expect(estimate).toBeGreaterThanOrEqual(count)
      if (estimate > count + CountMin.error * values.length) tooHigh++
    }
    expect(counts.size).toBeGreaterThan(10_000)
    expect(tooHigh / counts.size).toBeLessThanOrEqual(CountMin.failure)
  }
})

test("adding a value returns its new estimate", () => {
  const sketch = new CountMin()
  expect([sketch.add(...hashOf(1), 3), sketch.add(...hashOf(1), 2), sketch.estimate(...hashOf(2))]).toEqual([3, 5, 0])
})

test.each([2, 7, 50])("%i parts in any order merge to the sketch of the whole, to the bit", (parts) => {
  const values = skewed(parts, 20_000)
  const restored = deal(values, parts, parts).map((part) => new CountMin(sketchOf(part).state()))
  const merge = (one: CountMin, other: CountMin) => {
    one.merge(other)
    return one
  }
  expect(mergeInPairs(restored, merge, parts).state()).toEqual(sketchOf(values).state())
})
