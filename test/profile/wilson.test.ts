import { expect, test } from "vitest"
import { wilsonBound } from "../../src/profile/wilson.ts"

test.each([
  // R: prop.test(x, n, correct = FALSE)$conf.int[1]
  [81, 263, 0.2552778],
  [15, 148, 0.0623964],
  [0, 20, 0],
  [20, 20, 0.8388742],
  [1, 1, 0.2065493],
])("the bound of %i of %i is that of the score interval", (agreeing, all, bound) => {
  expect(wilsonBound(agreeing, all)).toBeCloseTo(bound, 4)
})

test("the bound of an empty sample is zero", () => {
  expect(wilsonBound(0, 0)).toBe(0)
})

test("a larger sample with the same share has a higher bound, which stays below the share", () => {
  const bounds = [10, 100, 1000, 10_000].map((all) => wilsonBound(0.9 * all, all))
  expect(bounds).toEqual(bounds.toSorted((one, other) => one - other))
  expect(bounds.every((bound) => bound > 0 && bound < 0.9)).toBe(true)
})
