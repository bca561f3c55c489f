import fc from "fast-check"
import { expect, test } from "vitest"
import { Random } from "../../examples/data/random.ts"
import { LogQuantiles } from "../../src/sketch/log-quantiles.ts"
import { deal, mergeInPairs } from "./deal.ts"

const shares = [0, 0.001, 0.05, 0.25, 0.5, 0.75, 0.95, 0.999, 1]
const bound = 1 / 128
const smallest = 2 ** -1022

function sketchOf(numbers: readonly number[]): LogQuantiles {
  const sketch = new LogQuantiles()
  for (const number of numbers) sketch.add(number)
  return sketch
}

function expectBound(numbers: readonly number[]): void {
  const sorted = Float64Array.from(numbers).sort()
  const sketch = sketchOf(numbers)
  for (const share of shares) {
    const exact = sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN
    const estimate = sketch.quantile(share) ?? Number.NaN
    if (Math.abs(exact) < smallest) expect(estimate).toBe(0)
    else expect(Math.abs(estimate - exact)).toBeLessThanOrEqual(Math.abs(exact) * bound)
  }
}

test("every quantile of any doubles is within 1/128 of the true one", () => {
  const double = fc.double({ noNaN: true, noDefaultInfinity: true })
  fc.assert(fc.property(fc.array(double, { minLength: 1, maxLength: 200 }), expectBound))
})

test("the bound holds at the ends of the range of doubles, where DDSketch would have collapsed buckets", () => {
  expectBound([Number.MAX_VALUE, -Number.MAX_VALUE, smallest, -smallest, 5e-324, 0, -0, 1e300, 1e-300, 1])
})

test("the bound holds for skewed numbers of forty orders of magnitude", () => {
  const random = new Random(7)
  expectBound(Array.from({ length: 20_000 }, () => (random.next() - 0.2) * 10 ** (random.next() * 40 - 20)))
})

test("small whole numbers are exact", () => {
  const numbers = Array.from({ length: 256 }, (_, at) => at - 100)
  const sketch = sketchOf(numbers)
  expect(numbers.map((_, at) => sketch.quantile(at / 255))).toEqual(numbers)
})

test("a number that was added many times is the same as many numbers", () => {
  const [once, often] = [new LogQuantiles(), sketchOf([2.5, 2.5, 2.5])]
  once.add(2.5, 3)
  expect(once.state()).toEqual(often.state())
  expect(once.count).toBe(3)
})

test("a sketch of nothing has no quantile, and infinity has no place", () => {
  expect(new LogQuantiles().quantile(0.5)).toBeUndefined()
  for (const value of [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN])
    expect(() => new LogQuantiles().add(value)).toThrow(RangeError)
})

test.each([1, 2, 7, 100])("%i parts in any order merge to the sketch of the whole, to the bit", (parts) => {
  const random = new Random(parts)
  const numbers = Array.from({ length: 5_000 }, () => (random.next() - 0.3) * 10 ** random.below(30))
  const whole = JSON.stringify(sketchOf(numbers).state())
  const restored = deal(numbers, parts, parts).map((part) => LogQuantiles.from(JSON.parse(JSON.stringify(sketchOf(part).state()))))
  const merge = (one: LogQuantiles, other: LogQuantiles) => {
    one.merge(other)
    return one
  }
  const merged = mergeInPairs(restored, merge, parts)
  expect(JSON.stringify(merged.state())).toBe(whole)
  expect(merged.count).toBe(numbers.length)
})
