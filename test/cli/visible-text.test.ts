import fc from "fast-check"
import { expect, test } from "vitest"
import { visibleJson, visibleText } from "../../src/cli/visible-text.ts"

/** Characters that a terminal obeys or does not draw. */
const orders = [
  ...Array.from({ length: 0x20 }, (_, code) => code),
  ...Array.from({ length: 0x21 }, (_, at) => 0x7f + at),
  ...[0xad, 0x61c, 0x200b, 0x200c, 0x200d, 0x200e, 0x200f, 0x2028, 0x2029, 0x2060, 0xfeff, 0xd800, 0xdfff, 0xe0041],
  ...[0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069],
  ...[0x34f, 0x115f, 0x1160, 0x17b4, 0x180b, 0x180f, 0x3164, 0xfe00, 0xfe0f, 0xffa0, 0xe0100, 0xe01ef],
].map((code) => String.fromCodePoint(code))

test("characters that a terminal obeys or hides are spelled out, and all others stay", () => {
  expect(visibleText("\x1b[2J\x9b1m\r\n\t\0\x7f", 100)).toBe("\\x1b[2J\\x9b1m\\r\\n\\t\\x00\\x7f")
  expect(visibleText("a\u202eb\u2066c\u200bd\ufeffe\ud83df\u{e0041}", 100)).toBe("a\\u202eb\\u2066c\\u200bd\\ufeffe\\ud83df\\u{e0041}")
  for (const each of orders) expect(visibleText(each, 10)).toMatch(/^\\[\x21-\x7e]+$/)
  for (const text of ["Größe", "東京", "👍", "e\u0301", "C:\\x1b", "עברית"]) expect(visibleText(text, 100)).toBe(text)
})

test("a long text is cut between two characters", () => {
  expect(visibleText("a".repeat(11), 10)).toBe(`${"a".repeat(10)}…`)
  expect(visibleText(`${"a".repeat(9)}👍b`, 10)).toBe(`${"a".repeat(9)}…`)
})

const text = fc.array(fc.oneof(fc.constantFrom(...orders), fc.string({ unit: "binary" }))).map((parts) => parts.join(""))

test("any text becomes one line, which does not change if it is made visible again", () => {
  fc.assert(
    fc.property(text, (each) => {
      const shown = visibleText(each, 10_000)
      expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{DI}]/u)
      expect(visibleText(shown, 100_000)).toBe(shown)
    }),
  )
})

test("JSON that was made visible has the same value", () => {
  fc.assert(
    fc.property(text, text, (key, value) => {
      const made = { [`k${key}`]: [value] }
      const json = visibleJson(JSON.stringify(made))
      expect(json).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{DI}]/u)
      expect(JSON.parse(json)).toEqual(made)
    }),
  )
})
