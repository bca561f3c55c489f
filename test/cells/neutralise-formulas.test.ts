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
  ])("%j with a formula becomes %j", (text, safe) => {
    expect(neutraliseFormulas(text)).toBe(safe)
    expect(restoreFormulas(safe)).toBe(text)
  })

  test.each(["-5", "+49 123 456", "-1.234,50", "52.1, -4.3", "1-2", "a=b", "a;+3", "-12 %", "ü@x"])("%j does not change", (text) => {
    expect(neutraliseFormulas(text)).toBeUndefined()
  })

  test("never begins a cell with a formula, however it is split, and can be restored", () => {
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
