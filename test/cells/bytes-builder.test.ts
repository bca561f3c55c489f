import { expect, test } from "vitest"
import { BytesBuilder } from "../../src/cells/bytes-builder.ts"

test("texts and bytes that are set come out as a column, and other rows are null", () => {
  const builder = new BytesBuilder(5, 4)
  const source = Buffer.from("xxabcxx")
  builder.setText(0, "é€😀")
  builder.setBytes(1, source, 2, 5)
  builder.setBytes(3, Buffer.from("y".repeat(100)))
  builder.setText(4, "")
  const column = builder.column()
  expect([0, 1, 2, 3, 4].map((row) => column.at(row))).toEqual(["é€😀", "abc", null, "y".repeat(100), ""])
  expect(column.nulls.count).toBe(1)
})

test("the source of the bytes may change afterwards", () => {
  const builder = new BytesBuilder(1)
  const source = Buffer.from("before")
  builder.setBytes(0, source)
  source.fill(0)
  expect(builder.column().at(0)).toBe("before")
})

test("half of a surrogate pair becomes the replacement character", () => {
  const builder = new BytesBuilder(1)
  builder.setText(0, "a\ud800b")
  expect(builder.column().at(0)).toBe("a\ufffdb")
})
