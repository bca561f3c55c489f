import fc from "fast-check"
import { expect, test } from "vitest"
import { type CleanOptions, textCleaner } from "../../src/cells/clean-text.ts"

const clean = textCleaner({})

test.each([
  ["a no-break space and a tab", "New\u00a0\t York", "New York"],
  ["the line ends of a cell", "a\r\nb\u0085c\u2028d", "a b c d"],
  ["an ideographic space and a thin space", "a\u3000b\u2009c", "a b c"],
  ["a zero-width space and a byte order mark", "A\u200bnn\ufeff", "Ann"],
  ["a soft hyphen", "Donau\u00addampf", "Donaudampf"],
  ["marks of direction", "\u202aAnn\u202c\u200e", "Ann"],
  ["control characters", "a\0b\u001bc\u009f", "abc"],
  ["typographic quotes", "“a” „b“ ‘c’ it’s «d»", '"a" "b" \'c\' it\'s "d"'],
  ["an accent beside its letter", "Zoe\u0308", "Zoë"],
  ["a zero-width space between a letter and its accent", "e\u200b\u0301", "é"],
  ["a joiner between Latin letters", "an\u200dn", "ann"],
])("%s is cleaned", (_what, given, cleaned) => {
  expect(clean(given)).toBe(cleaned)
})

test.each([
  ["a family emoji", "👩\u200d👧"],
  ["a rainbow flag", "🏳\ufe0f\u200d🌈"],
  ["a Persian word with a non-joiner", "می\u200cخواهم"],
  ["a Sinhala word with a joiner", "ශ්\u200dරී"],
  ["a word with an accent", "Łódź"],
])("%s keeps its meaning", (_what, text) => {
  expect(clean(text)).toBe(text)
})

test("each part can be turned off", () => {
  const text = "“Zoe\u0308”\u200b  ﬁ"
  expect(clean(text)).toBe('"Zoë" ﬁ')
  expect(textCleaner({ quotes: false })(text)).toBe("“Zoë” ﬁ")
  expect(textCleaner({ invisible: false })(text)).toBe('"Zoë"\u200b ﬁ')
  expect(textCleaner({ spaces: false })(text)).toBe('"Zoë"  ﬁ')
  expect(textCleaner({ form: "none" })(text)).toBe('"Zoe\u0308" ﬁ')
  expect(textCleaner({ form: "NFKC" })(text)).toBe('"Zoë" fi')
})

const pieces = fc.constantFrom(
  ..."aeZ 9\"'\t\n\u0085\u00a0\u00ad\u00a8\u00b4\u0301\u0308\u0338\u034f\u200b\u200c\u200d\u200e\u2028\u2033\u3000\ufe0f\ufeff\ufb01\uff02\uff07\u2019\u201c\u0646\u0915\u094d<=",
  "👩",
  "👧",
  "🏽",
)
const anyText = fc.string({ unit: fc.oneof(pieces, fc.string({ unit: "binary", minLength: 1, maxLength: 1 })) })
const anyOptions: fc.Arbitrary<CleanOptions> = fc.record(
  {
    spaces: fc.boolean(),
    invisible: fc.boolean(),
    quotes: fc.boolean(),
    form: fc.constantFrom<NonNullable<CleanOptions["form"]>>("NFC", "NFKC", "none"),
  },
  { requiredKeys: [] },
)

test("cleaning twice is cleaning once, with any options", () => {
  fc.assert(
    fc.property(anyText, anyOptions, (text, options) => {
      const cleaner = textCleaner(options)
      expect(cleaner(cleaner(text))).toBe(cleaner(text))
    }),
    { numRuns: 3000 },
  )
})
