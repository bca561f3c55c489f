import fc from "fast-check"
import { expect, test } from "vitest"
import { IntegerSet } from "../../src/sketch/integer-set.ts"

const integer = fc.oneof(fc.integer({ min: -70_000, max: 70_000 }), fc.maxSafeInteger())

test("a set of integers gives the same answer as a Set for each added integer", () => {
  fc.assert(
    fc.property(fc.array(integer, { maxLength: 200 }), (integers) => {
      const [ours, theirs] = [new IntegerSet(), new Set<number>()]
      for (const one of integers) {
        expect(ours.add(one)).toBe(!theirs.has(one))
        theirs.add(one)
        expect(ours.size).toBe(theirs.size)
      }
      expect(new Set(ours)).toEqual(new Set([...theirs].map((one) => (one === 0 ? 0 : one))))
    }),
  )
})

test("integers that lie far apart make it sparse, neighbours do not", () => {
  const [near, far] = [new IntegerSet(), new IntegerSet()]
  for (let at = 0; at < 300_000; at++) near.add(at)
  for (let at = 0; at < 300; at++) far.add(at * 1e9)
  expect([near.isSparse, far.isSparse]).toEqual([false, true])
})
