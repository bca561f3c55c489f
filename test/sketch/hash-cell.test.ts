import fc from "fast-check"
import { expect, test } from "vitest"
import type { Column } from "../../src/model/column.ts"
import { columnOf } from "../../src/model/column-of.ts"
import { ValueColumn } from "../../src/model/columns/value-column.ts"
import { hashCell } from "../../src/sketch/hash-cell.ts"
import { KeyHash } from "../../src/sketch/key-hash.ts"
import { textLayouts } from "../model/layouts.ts"

function hashOf(columns: readonly Column<unknown>[], row: number): string {
  const hash = new KeyHash()
  hash.reset()
  for (const column of columns) hashCell(hash, column, row)
  hash.finish()
  return `${hash.a} ${hash.b} ${hash.c}`
}

test("equal texts have equal hashes in every layout", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "grapheme" }), { minLength: 1 }), (texts) => {
      const columns = Object.values(textLayouts).map((make) => make(texts))
      for (let row = 0; row < texts.length; row++) expect(new Set(columns.map((column) => hashOf([column], row))).size).toBe(1)
    }),
  )
})

test("equal numbers, dates and booleans have equal hashes, in their own layout and among mixed values", () => {
  const value = fc.oneof(fc.double(), fc.boolean(), fc.date(), fc.constantFrom(0, -0))
  fc.assert(
    fc.property(value, (cell) => {
      expect(hashOf([columnOf([cell])], 0)).toBe(hashOf([new ValueColumn([cell])], 0))
    }),
  )
})

test("zero and minus zero are one key, as they are one number", () => {
  expect(hashOf([columnOf([0])], 0)).toBe(hashOf([columnOf([-0])], 0))
})

test("different keys have different hashes: by value, by kind, and by where one part of a key ends", () => {
  const part = fc.oneof(
    fc.string({ maxLength: 3 }),
    fc.integer({ min: -3, max: 99 }),
    fc.boolean(),
    fc.constantFrom(new Date(1), 1, "1", true),
  )
  const key = fc.array(part, { minLength: 1, maxLength: 3 })
  fc.assert(
    fc.property(fc.array(key, { minLength: 50, maxLength: 200 }), (keys) => {
      const shown = (parts: readonly unknown[]) =>
        parts.map((one) => `${one instanceof Date ? "date" : typeof one}:${JSON.stringify(one)}`).join()
      const hashes = keys.map((parts) =>
        hashOf(
          parts.map((one) => new ValueColumn([one])),
          0,
        ),
      )
      expect(new Set(hashes).size).toBe(new Set(keys.map(shown)).size)
    }),
  )
})

test("every kind of value has a hash: a bigint, an object, a list", () => {
  const values = [10n, 11n, { a: 1 }, { a: 2n }, [1], [2]]
  const hashes = values.map((value) => hashOf([new ValueColumn([value])], 0))
  expect(new Set(hashes).size).toBe(values.length)
})
