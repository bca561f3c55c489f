import { expect, test } from "vitest"
import { HyperLogLog } from "../../src/sketch/hyper-log-log.ts"
import { deal, mergeInPairs } from "./deal.ts"
import { hashOf } from "./seeded-hashes.ts"

function sketchOf(values: Iterable<number>): HyperLogLog {
  const sketch = new HyperLogLog()
  for (const value of values) {
    const [a, b] = hashOf(value)
    sketch.add(a, b)
  }
  return sketch
}

function* range(first: number, count: number): Generator<number> {
  for (let value = first; value < first + count; value++) yield value
}

test("the standard error is the published one, 1.04 / sqrt(m), for few values and for many", () => {
  for (const [distinct, trials] of [
    [100, 40],
    [10_000, 30],
    [60_000, 12],
  ] as const) {
    const errors = Array.from({ length: trials }, (_, trial) => {
      return sketchOf(range(trial * 1e7, distinct)).estimate() / distinct - 1
    })
    const standard = Math.sqrt(errors.reduce((sum, error) => sum + error * error, 0) / trials)
    // The sample's own standard error is 1 / sqrt(2 n) of the figure: at most a fifth here, of which three are allowed.
    expect(standard).toBeLessThan(HyperLogLog.standardError * (1 + 3 / Math.sqrt(2 * trials)))
  }
})

test("a value counts once, however often it is added", () => {
  const values = [...range(0, 1_000)]
  expect(sketchOf([...values, ...values]).state()).toEqual(sketchOf(values).state())
})

test("nothing and one value are counted exactly", () => {
  expect(new HyperLogLog().estimate()).toBe(0)
  expect(sketchOf([5]).estimate()).toBe(1)
})

test("a low word of zeros ranks beyond 32", () => {
  const ranked = new HyperLogLog()
  ranked.add(0b1, 0)
  expect(Math.max(...ranked.state())).toBe(33 + 17)
  ranked.add(0, 0)
  expect(Math.max(...ranked.state())).toBe(33 + 18)
  ranked.add(0x2000, 0)
  expect(ranked.state()[0]).toBe(51)
})

test.each([2, 7, 50])("%i parts in any order merge to the sketch of the whole, to the bit", (parts) => {
  const values = [...range(0, 20_000)].map((value) => value % 9_000)
  const restored = deal(values, parts, parts).map((part) => new HyperLogLog(sketchOf(part).state()))
  const merge = (one: HyperLogLog, other: HyperLogLog) => {
    one.merge(other)
    return one
  }
  expect(mergeInPairs(restored, merge, parts).state()).toEqual(sketchOf(values).state())
})
