import fc from "fast-check"
import { expect, test } from "vitest"
import { Bitmask } from "../../src/model/bitmask.ts"
import { RowSelection } from "../../src/model/selection.ts"

const rows = fc.integer({ min: 1, max: 70 })
const steps = fc.array(fc.record({ row: fc.nat(69), set: fc.boolean() }), { maxLength: 60 })

test("a bitmask holds the same rows as a set, and counts them", () => {
  fc.assert(
    fc.property(rows, steps, fc.boolean(), (length, given, startFull) => {
      const mask = startFull ? Bitmask.full(length) : new Bitmask(length)
      const expected = new Set(startFull ? Array.from({ length }, (_, row) => row) : [])
      for (const { row, set } of given) {
        if (row >= length) continue
        if (set) mask.set(row)
        else mask.clear(row)
        if (set) expected.add(row)
        else expected.delete(row)
      }
      expect(mask.count).toBe(expected.size)
      for (let row = 0; row < length; row++) expect(mask.has(row)).toBe(expected.has(row))
    }),
  )
})

test("a copy of a bitmask changes independently", () => {
  const mask = Bitmask.full(9)
  const copy = mask.copy()
  copy.clear(8)
  expect([mask.has(8), mask.count, copy.has(8), copy.count]).toEqual([true, 9, false, 8])
})

test("no bit after the last row is set, so that bits can be counted by the byte", () => {
  fc.assert(
    fc.property(rows, (length) => {
      const ones = Bitmask.full(length).bits.reduce((sum, byte) => sum + byte.toString(2).replaceAll("0", "").length, 0)
      expect(ones).toBe(length)
    }),
  )
})

test("a selection gives the rows that were not dropped, in order, each once", () => {
  fc.assert(
    fc.property(rows, fc.array(fc.nat(69)), (length, dropped) => {
      const selection = new RowSelection(length)
      for (const row of dropped) if (row < length) selection.drop(row)
      const left = Array.from({ length }, (_, row) => row).filter((row) => !dropped.includes(row))
      expect([...selection]).toEqual(left)
      expect(selection.size).toBe(left.length)
    }),
  )
})

test("a row that is dropped during a walk is not visited any more", () => {
  const selection = new RowSelection(4)
  const seen: number[] = []
  for (const row of selection) {
    seen.push(row)
    selection.drop(row + 1)
  }
  expect(seen).toEqual([0, 2])
})
