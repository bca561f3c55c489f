import { expect, test } from "vitest"
import { Random } from "../../examples/data/random.ts"
import { CountMin } from "../../src/sketch/count-min.ts"
import { missing } from "../../src/sketch/counted-minima.ts"
import { FrequentValues, wanted } from "../../src/sketch/frequent-values.ts"
import { deal, mergeInPairs, shuffle } from "./deal.ts"
import { hashOf } from "./seeded-hashes.ts"

const most = 256

function sketchOf(values: readonly number[]): FrequentValues<number> {
  const sketch = new FrequentValues<number>(most)
  for (const value of values) {
    const hash = hashOf(value)
    const place = sketch.count(...hash, 1)
    if (place === missing) sketch.insert(...hash, 1, value)
    else if (place === wanted) sketch.nominate(...hash, value)
  }
  return sketch
}

/** Some values with a share of 2 %, 1 %, 0.5 %, and so on, among many that occur once. */
function withHeavyOnes(seed: number): { readonly values: readonly number[]; readonly counts: ReadonlyMap<number, number> } {
  const length = 40_000
  const heavy = [0.02, 0.01, 0.005, 0.004, 0.003].flatMap((share, at) => new Array<number>(share * length).fill(seed * 100 + at))
  const light = Array.from({ length: length - heavy.length }, (_, at) => 1e9 * seed + at)
  const counts = new Map<number, number>()
  for (const value of heavy) counts.set(value, (counts.get(value) ?? 0) + 1)
  return { values: shuffle([...heavy, ...light], new Random(seed)), counts }
}

const reported = (sketch: FrequentValues<number>) =>
  sketch
    .frequent()
    .map(({ value, count, exact }) => ({ value, count, exact }))
    .sort((one, other) => one.value - other.value)

test("up to k distinct values, all of them are reported with exact counts", () => {
  const values = Array.from({ length: 5_000 }, (_, at) => at % most)
  const found = sketchOf(values).frequent()
  expect(found).toHaveLength(most)
  expect(found.every(({ count, value, exact }) => exact && count === (value < 5_000 % most ? 20 : 19))).toBe(true)
})

test("beyond, every value with a share of 1/512 is reported, and no other one, with a count within the bound", () => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const { values, counts } = withHeavyOnes(seed)
    const found = reported(sketchOf(values))
    expect(found.map(({ value }) => value)).toEqual([...counts.keys()].sort((one, other) => one - other))
    for (const { value, count, exact } of found) {
      const truth = counts.get(value) ?? 0
      expect(count).toBeGreaterThanOrEqual(truth)
      expect(count - truth).toBeLessThanOrEqual(exact ? 0 : CountMin.error * values.length)
    }
  }
})

test("the order of the values does not matter: heavy ones first, last, or anywhere", () => {
  const { values } = withHeavyOnes(6)
  const [up, down] = [[...values].sort((one, other) => one - other), [...values].sort((one, other) => other - one)]
  expect(reported(sketchOf(up))).toEqual(reported(sketchOf(values)))
  expect(reported(sketchOf(down))).toEqual(reported(sketchOf(values)))
})

test.each([1, 2, 7, 100, 1000])("%i parts in any order report the same as the whole", (parts) => {
  const { values } = withHeavyOnes(parts)
  const restored = deal(values, parts, parts).map((part) => {
    return FrequentValues.from<number>(most, JSON.parse(JSON.stringify(sketchOf(part).state())))
  })
  const merge = (one: FrequentValues<number>, other: FrequentValues<number>) => {
    one.merge(other)
    return one
  }
  const merged = mergeInPairs(restored, merge, parts)
  expect(reported(merged)).toEqual(reported(sketchOf(values)))
  expect(JSON.stringify(merged.state())).toBe(JSON.stringify(sketchOf(values).state()))
})
