import { expect, test } from "vitest"
import { medcouple } from "../../src/sketch/medcouple.ts"

test("the medcouple is 0 of symmetric numbers, and its sign is the direction of the longer tail", () => {
  expect(medcouple(Float64Array.of(1, 2, 3, 4, 5))).toBe(0)
  const right = Float64Array.from({ length: 301 }, (_, at) => Math.exp(at / 100))
  const left = right.map((value) => -value).reverse()
  expect(medcouple(right)).toBeGreaterThan(0.2)
  expect(medcouple(left)).toBeCloseTo(-medcouple(right), 12)
})

test("a value of the paper's definition: the median of the kernel over all pairs", () => {
  // Median 3; pairs of {1, 2, 3} and {3, 7, 9} with ((y - 3) - (3 - x)) / (y - x), and 0 for the median with itself.
  const kernel = [-1, 2 / 6, 4 / 8, -1, 3 / 5, 5 / 7, 0, 1, 1].sort((one, other) => one - other)
  expect(medcouple(Float64Array.of(1, 2, 3, 7, 9))).toBeCloseTo(kernel[4] ?? 0, 12)
})

test("a quarter of the numbers cannot make it anything but a number in [-1, 1]", () => {
  const numbers = [...Array.from({ length: 75 }, (_, at) => at), ...Array.from({ length: 25 }, () => 1e12)]
  expect(Math.abs(medcouple(Float64Array.from(numbers)))).toBeLessThanOrEqual(1)
  expect(medcouple(Float64Array.of(5, 5, 5, 5))).toBe(0)
})
