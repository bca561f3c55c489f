import fc from "fast-check"
import { expect, test } from "vitest"
import { visibleJson, visibleText } from "../../src/cli/visible-text.ts"

/** Every character that a terminal obeys, or that is not seen on it. */
const orders = [
  ...Array.from({ length: 0x20 }, (_, code) => code),
  ...Array.from({ length: 0x21 }, (_, at) => 0x7f + at),
  ...[0xad, 0x61c, 0x200b, 0x200c, 0x200d, 0x200e, 0x200f, 0x2028, 0x2029, 0x2060, 0xfeff, 0xd800, 0xdfff, 0xe0041],
  ...[0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069],
].map((code) => String.fromCodePoint(code))

test("what a terminal obeys or hides is spelled out, and everything else stays as it is", () => {
  expect(visibleText("\x1b[2J\x9b1m\r\n\t\0\x7f", 100)).toBe("\\x1b[2J\\x9b1m\\r\\n\\t\\x00\\x7f")
  expect(visibleText("a\u202eb\u2066c\u200bd\ufeffe\ud83df\u{e0041}", 100)).toBe("a\\u202eb\\u2066c\\u200bd\\ufeffe\\ud83df\\u{e0041}")
  for (const each of orders) expect(visibleText(each, 10)).toMatch(/^\\[\x21-\x7e]+$/)
  for (const text of ["Größe", "東京", "👍", "e\u0301", "C:\\x1b", "עברית"]) expect(visibleText(text, 100)).toBe(text)
})

test("a long text is cut, between characters", () => {
  expect(visibleText("a".repeat(11), 10)).toBe(`${"a".repeat(10)}…`)
  expect(visibleText(`${"a".repeat(9)}👍b`, 10)).toBe(`${"a".repeat(9)}…`)
})

const text = fc.array(fc.oneof(fc.constantFrom(...orders), fc.string({ unit: "binary" }))).map((parts) => parts.join(""))

test("whatever a text holds, one line is drawn, and drawing it again changes nothing", () => {
  fc.assert(
    fc.property(text, (each) => {
      const shown = visibleText(each, 10_000)
      expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u)
      expect(visibleText(shown, 100_000)).toBe(shown)
    }),
  )
})

test("JSON that was made visible stands for the same value", () => {
  fc.assert(
    fc.property(text, text, (key, value) => {
      const made = { [`k${key}`]: [value] }
      const json = visibleJson(JSON.stringify(made))
      expect(json).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u)
      expect(JSON.parse(json)).toEqual(made)
    }),
  )
})
