import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { neutraliseFormulas, restoreFormulas } from "../../src/cells/neutralise-formulas.ts"

describe("a text for a spreadsheet", () => {
  test.each([
    ["=1", "'=1"],
    ["a;=HYPERLINK(1)", "a;'=HYPERLINK(1)"],
    ["a,+x|@y", "a,'+x|'@y"],
    ['x;"=1', "x;\"'=1"],
    ["\n=1", "'\n'=1"],
    ["\tx", "'\tx"],
    ["two\n-lines", "two\n'-lines"],
    ["'=1", "''=1"],
    ["＝1", "'＝1"],
    ["-1,=2", "-1,'=2"],
    ["a;\u00a0=1", "a;\u00a0'=1"],
    ["a; \u3000+x", "a; \u3000'+x"],
    ["a\x0b=1", "a\x0b'=1"],
    ["\x00\u200b\u00ad=1", "\x00\u200b\u00ad'=1"],
    ["\u22121+cmd", "'\u22121+cmd"],
  ])("%j with a formula becomes %j", (text, safe) => {
    expect(neutraliseFormulas(text)).toBe(safe)
    expect(restoreFormulas(safe)).toBe(text)
  })

  test.each([
    "\u00a0",
    "\u3000",
    "\ufeff",
    "\u200b",
    "\u200e",
    "\u00ad",
    "\u061c",
    "\x0b",
    "\x0c",
    "\x1c",
    "\0",
    "\u115f",
    "\ufe0f",
    "\u{e0100}",
  ])("the formula behind %j is neutralised, and comes back", (skipped) => {
    for (const sign of ["=", "+", "-", "@", "\u2212", "\ufe62", "\ufe63", "\ufe66", "\ufe6b", "\uff0b"]) {
      for (const text of [`${skipped}${sign}A1`, `a;${skipped}${sign}A1`]) {
        const safe = neutraliseFormulas(text)
        expect(safe).toBe(text.replace(sign, `'${sign}`))
        expect(restoreFormulas(safe)).toBe(text)
      }
    }
  })

  test.each(["-5", "\u22125", "+49 123 456", "-1.234,50", "52.1, -4.3", "1-2", "a=b", "a;+3", "-12 %", "ü@x"])(
    "%j does not change",
    (text) => {
      expect(neutraliseFormulas(text)).toBeUndefined()
    },
  )

  test("never begins a cell with a formula, however it is split, and can be restored", () => {
    const text = fc.string({ unit: fc.constantFrom(..."=+-@;,|\t\r\n'\" 15.e%ax\u00a0\u200b\x0b\0\u2212") })
    fc.assert(
      fc.property(text, (given) => {
        const safe = neutraliseFormulas(given) ?? given
        expect(restoreFormulas(safe)).toBe(given)
        expect(safe).not.toMatch(/^[\t\r\n]/)
        for (const cell of safe.split(/[;,|\t-\r]/))
          expect(cell.replace(/^[ "\0\u00a0\u200b]+/, "")).not.toMatch(/^(?:[=@]|[+\-\u2212](?!\d))/)
      }),
      { numRuns: 20_000 },
    )
  })
})
