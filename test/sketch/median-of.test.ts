import fc from "fast-check"
import { expect, test } from "vitest"
import { medianOf, quantile } from "../../src/sketch/medcouple.ts"

const numbers = fc.array(fc.oneof(fc.double(), fc.integer({ min: -3, max: 3 })), { maxLength: 300 })

test("the median is that of the sorted numbers, to the bit", () => {
  fc.assert(
    fc.property(numbers, (given) => {
      expect(medianOf(Float64Array.from(given))).toBe(quantile(Float64Array.from(given).sort(), 0.5))
    }),
  )
})
