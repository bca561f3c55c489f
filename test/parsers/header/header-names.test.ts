import fc from "fast-check"
import { expect, test } from "vitest"
import { nameHeaders } from "../../../src/parsers/header/header-names.ts"

const codes = (cells: (string | null)[]) => nameHeaders(cells).notices.map((notice) => `${notice.code} ${notice.column}`)

test("good names are only trimmed", () => {
  expect(nameHeaders(["id", " Order No. ", "größe"])).toEqual({ names: ["id", "Order No.", "größe"], notices: [] })
})

test("a repeated name gets a number that no other column uses", () => {
  expect(nameHeaders(["a", "a", "a_2", "a"]).names).toEqual(["a", "a_3", "a_2", "a_4"])
  expect(codes(["a", "a"])).toEqual(["header.duplicate a_2"])
})

test("a blank name becomes the number of its position", () => {
  expect(nameHeaders(["a", null, "  ", "column_2"]).names).toEqual(["a", "column_2_2", "column_3", "column_2"])
  expect(codes(["", "a"])).toEqual(["header.blank column_1"])
})

test("names that every object inherits are changed", () => {
  const { names, notices } = nameHeaders(["__proto__", "constructor", "prototype", "toString", "hasOwnProperty"])
  expect(names).toEqual(["__proto___column", "constructor_column", "prototype_column", "toString_column", "hasOwnProperty_column"])
  expect(new Set(notices.map((notice) => notice.code))).toEqual(new Set(["header.reserved"]))
})

test("a long name is cut as PostgreSQL cuts it, between characters", () => {
  const { names } = nameHeaders(["ü".repeat(40), "ü".repeat(41)])
  expect(names).toEqual(["ü".repeat(31), `${"ü".repeat(30)}_2`])
  expect(codes(["x".repeat(64)])).toEqual([`header.long ${"x".repeat(63)}`])
})

test("line breaks, tabs and no-break spaces in a name become single spaces", () => {
  expect(nameHeaders(["Net\r\nweight\u00a0\t(kg)\u0000"]).names).toEqual(["Net weight (kg)"])
})

test("invisible characters around a name are removed, and a name made of them is blank", () => {
  expect(nameHeaders(["\u200b\u3164id\u2060 ", "\u3164", "\u115f\u{e0100}", "\u180bx\u00ad"]).names).toEqual([
    "id",
    "column_2",
    "column_3",
    "x",
  ])
})

test("invisible characters inside a name stay, with a notice", () => {
  expect(nameHeaders(["i\u200bd", "\u2764\ufe0f"]).names).toEqual(["i\u200bd", "\u2764\ufe0f"])
  expect(codes(["i\u200bd", "id"])).toEqual(["header.invisible i\u200bd"])
})

test("sixteen thousand columns with the same name do not take quadratic time", () => {
  const started = performance.now()
  expect(new Set(nameHeaders(new Array<string>(16_384).fill("a")).names).size).toBe(16_384)
  expect(performance.now() - started).toBeLessThan(1000)
})

test("whatever the header contains, names are unique, short enough, and not inherited by objects", () => {
  const cell = fc.oneof(
    fc.string({ unit: "binary", maxLength: 80 }),
    fc.constantFrom("a", "a_2", "column_1", "__proto__", "valueOf", "", null),
  )
  fc.assert(
    fc.property(fc.array(cell, { maxLength: 40 }), (cells) => {
      const { names } = nameHeaders(cells)
      expect(names.length).toBe(cells.length)
      expect(new Set(names).size).toBe(names.length)
      for (const name of names) {
        expect(Buffer.byteLength(name)).toBeLessThanOrEqual(63)
        expect(name).not.toBe("")
        expect(name in {}).toBe(false)
      }
    }),
  )
})
