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
  ])("%j is no formula as %j", (text, safe) => {
    expect(neutraliseFormulas(text)).toBe(safe)
    expect(restoreFormulas(safe)).toBe(text)
  })

  test.each(["-5", "+49 123 456", "-1.234,50", "52.1, -4.3", "1-2", "a=b", "a;+3", "-12 %", "ü@x"])("%j stays as it stands", (text) => {
    expect(neutraliseFormulas(text)).toBeUndefined()
  })

  test("begins no cell with a formula, whatever it is split by, and comes back as it was", () => {
    const text = fc.string({ unit: fc.constantFrom(..."=+-@;,|\t\r\n'\" 15.e%ax") })
    fc.assert(
      fc.property(text, (given) => {
        const safe = neutraliseFormulas(given) ?? given
        expect(restoreFormulas(safe)).toBe(given)
        expect(safe).not.toMatch(/^[\t\r\n]/)
        for (const cell of safe.split(/[;,|\t\r\n]/)) expect(cell.replace(/^[ "]+/, "")).not.toMatch(/^(?:[=@]|[+-](?!\d))/)
      }),
      { numRuns: 20_000 },
    )
  })
})
