import { describe, expect, test } from "vitest"
import { FormatCode } from "../../../src/parsers/xlsx/cells/format-code.ts"

describe("number formats", () => {
  test.each([
    "yyyy-mm-dd",
    "dd/mm/yyyy;@",
    "m/d/yy h:mm",
    "[$-409]mmmm d, yyyy",
    "[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy",
    'yyyy"年"m"月"d"日"',
    '[$-411]ggge"年"m"月"d"日"',
    "mmm-yy",
    "mm",
    "M",
    "ddd",
    "dd.mm.yyyy hh:mm:ss",
    "[Red]d;[Blue]d",
    "yyyy\\-mm\\-dd\\Thh:mm:ss",
    "[ENG][$-409]dmmmyy;@",
    "ge.m.d",
    "[$-1010000]yyyy/mm/dd;@",
    "_-* d",
    "TT.MM.JJJJ",
  ])("%s shows a date", (code) => {
    expect(new FormatCode(code).classOf(1)).toBe("date")
  })

  test.each(["h:mm", "hh:mm:ss", "mm:ss", "mm:ss.0", "h:mm AM/PM", "[$-F400]h:mm:ss\\ AM/PM", "ss", "上午/下午h:mm", 'h"h"mm', "a/p"])(
    "%s shows a time",
    (code) => {
      expect(new FormatCode(code).classOf(1)).toBe("time")
    },
  )

  test.each(["[h]:mm", "[hh]:mm:ss", "[mm]:ss", "[s]", "[ss].00", "[H]:MM:SS;@", "[m]"])("%s shows a duration", (code) => {
    expect(new FormatCode(code).classOf(1)).toBe("duration")
  })

  test.each([
    "",
    "General",
    "GENERAL",
    'General" h"',
    "0",
    "0.00E+00",
    "##0.0e-0",
    "# ?/?",
    "0%",
    "#,##0.00 [$€-407]",
    '_("$"* #,##0.00_);_("$"* (#,##0.00)',
    '"days: "0',
    "0\\d",
    "0_d",
    "*d0",
    "[Red]0",
    "[Magenta]0;[Yellow]-0",
    "[DBNum1]0",
    "@",
    ";;;",
    '#,##0" Std."',
    '[>=1000]0.0,"K";0',
    '0;"yesterday"',
    '"unclosed d',
    "0\\",
    "[unclosed d",
    "[Color 5]0",
    "0_)",
  ])("%s shows a number", (code) => {
    expect(new FormatCode(code).classOf(1)).toBe("number")
    expect(new FormatCode(code).only).toBe("number")
  })

  test("a condition selects its section, and a section without a condition decides for all values", () => {
    const format = new FormatCode("[<1]hh:mm;[>=100000]0;dd.mm.yyyy")
    expect([0.5, 44_197, 200_000].map((value) => format.classOf(value))).toEqual(["time", "date", "number"])
    expect(format.only).toBeUndefined()
    expect(new FormatCode('[=0]"-";[<>1]0.0;0').only).toBe("number")
    expect(new FormatCode("yyyy;-0").classOf(-1)).toBe("date")
  })

  test("a long format is parsed in a single pass", () => {
    const begun = performance.now()
    for (const code of [
      "[".repeat(100_000),
      '"'.repeat(100_001),
      "d;".repeat(50_000),
      "\\".repeat(100_001),
      "g".repeat(100_000),
      "am/p".repeat(25_000),
    ]) {
      new FormatCode(code).classOf(1)
    }
    expect(performance.now() - begun).toBeLessThan(1000)
  })
})
