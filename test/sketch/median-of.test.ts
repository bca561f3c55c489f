import fc from "fast-check"
import { expect, test } from "vitest"
import { medianOf, quantile } from "../../src/sketch/medcouple.ts"

const numbers = fc.array(fc.oneof(fc.double(), fc.integer({ min: -3, max: 3 })), { maxLength: 300 })

test("the median is that of the sorted numbers, to the bit, but for the sign of zero", () => {
  fc.assert(
    fc.property(numbers, (given) => {
      // The two zeros are equal, and their order is open.
      expect(medianOf(Float64Array.from(given)) + 0).toBe(quantile(Float64Array.from(given).sort(), 0.5) + 0)
    }),
  )
})
