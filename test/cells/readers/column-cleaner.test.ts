import { expect, test } from "vitest"
import { ColumnCleaner } from "../../../src/cells/readers/column-cleaner.ts"
import { DictionaryColumn } from "../../../src/model/columns/dictionary-column.ts"
import { ValueColumn } from "../../../src/model/columns/value-column.ts"
import { textLayouts } from "../../model/layouts.ts"

const cleaner = new ColumnCleaner((text) => text.replace(/\s+/g, " ").replaceAll("ö", "oe"))

test.each(Object.entries(textLayouts))("a column of %s is cleaned cell by cell, and its nulls stay", (_layout, make) => {
  const column = cleaner.clean(make(["a  b", null, "c", "Köln", "a\tb"]))
  expect(Array.from({ length: 5 }, (_, row) => column.at(row))).toEqual(["a b", null, "c", "Koeln", "a b"])
})

test.each(Object.entries(textLayouts))("a clean column of %s stays the same object", (_layout, make) => {
  const column = make(["a b", null, "c"])
  expect(cleaner.clean(column)).toBe(column)
})

test("a distinct text that batches share is cleaned once", () => {
  const seen: string[] = []
  const counting = new ColumnCleaner((text) => {
    seen.push(text)
    return text
  })
  const texts = ["ä", "ö", "ü"]
  counting.clean(new DictionaryColumn(Uint32Array.of(0, 1, 0, 1), texts, 4))
  counting.clean(new DictionaryColumn(Uint32Array.of(1, 1, 2), texts, 3))
  expect(seen).toEqual(["ä", "ö", "ü"])
})

test("cells that are not text stay as they are", () => {
  const day = new Date(0)
  const column = cleaner.clean(new ValueColumn<unknown>([1, day, true, "a  b", null]))
  expect([0, 1, 2, 3, 4].map((row) => column.at(row))).toEqual([1, day, true, "a b", null])
})
