import { expect, test } from "vitest"
import { displayWidth } from "../../src/cli/display-width.ts"
import { rowTableLines } from "../../src/cli/row-table.ts"
import type { Line } from "../../src/cli/style.ts"

const plain = (line: Line) => (typeof line === "string" ? line : line.map((part) => (typeof part === "string" ? part : part.text)).join(""))
const shown = (...given: Parameters<typeof rowTableLines>) => rowTableLines(...given).map(plain)

test("NULL, a blank text and the text NULL are told apart", () => {
  const rows = [
    ["1", null],
    ["-20", ""],
    [null, "NULL"],
  ]
  expect(shown({ names: ["n", "text"], rows, width: undefined })).toEqual(["   n  text", "   1  NULL", ' -20  ""', 'NULL  "NULL"'])
  const [, , , last] = rowTableLines({ names: ["n", "text"], rows, width: undefined })
  expect(last).toContainEqual({ text: "NULL", style: "dim" })
  expect(last).toContain('"NULL"')
})

test("wide letters are aligned by the columns that they take", () => {
  const rows = [
    ["注文", "x"],
    ["ab", "y"],
  ]
  expect(shown({ names: ["name", "k"], rows, width: 80 })).toEqual(["name  k", "注文  x", "ab    y"])
})

test.each([120, 80, 40, 20, 12])("no line of rows is wider than a terminal of %i columns", (width) => {
  const names = ["id", "a long header of a column", "c", "d", "注文の一覧"]
  const rows = [["1", "x".repeat(300), "y".repeat(30), null, "注文の一覧".repeat(9)]]
  const [header = "", row = "", more] = shown({ names, rows, width })
  expect(displayWidth(header)).toBeLessThanOrEqual(width)
  expect(displayWidth(row)).toBeLessThanOrEqual(width)
  expect(displayWidth(more ?? "")).toBeLessThanOrEqual(Math.max(40, width))
  if (width > 12) expect(row).toContain("…")
  if (width < 80) expect(more).toMatch(/^and \d more columns? \(--json\): ./)
  else expect(more).toBeUndefined()
})
