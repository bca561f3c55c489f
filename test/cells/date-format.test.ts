import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { compileDateFormat } from "../../src/cells/date-format.ts"

const iso = (pattern: string, text: string) => {
  const ms = compileDateFormat(pattern).parse(text)
  return Number.isNaN(ms) ? "none" : new Date(ms).toISOString()
}

describe("a date pattern", () => {
  test.each([
    ["dd.MM.yyyy", "03.04.2025", "2025-04-03T00:00:00.000Z"],
    ["d.M.yyyy", "3.4.2025", "2025-04-03T00:00:00.000Z"],
    ["MM/dd/yy", "04/03/68", "2068-04-03T00:00:00.000Z"],
    ["MM/dd/yy", "04/03/69", "1969-04-03T00:00:00.000Z"],
    ["d MMM yyyy", "3 Sept. 2025", "2025-09-03T00:00:00.000Z"],
    ["d MMMM yyyy", "3 september 2025", "2025-09-03T00:00:00.000Z"],
    ["MMM d, yyyy h:mm a", "Apr 3, 2025 12:05 AM", "2025-04-03T00:05:00.000Z"],
    ["MMM d, yyyy h:mm a", "Apr 3, 2025 12:05 p.m.", "2025-04-03T12:05:00.000Z"],
    ["yyyy-MM-dd'T'HH:mm:ss.SSSXXX", "2025-04-03T10:20:30.456-05:30", "2025-04-03T15:50:30.456Z"],
    ["yyyy-MM-dd HH:mmXXX", "2025-04-03 10:20Z", "2025-04-03T10:20:00.000Z"],
    ["'am' dd.MM.yyyy 'um' H 'Uhr'", "am 03.04.2025 um 9 Uhr", "2025-04-03T09:00:00.000Z"],
    ["yyyy''MM''dd", "2025'04'03", "2025-04-03T00:00:00.000Z"],
    ["[yyyy](MM){dd}+*?|^$", "[2025](04){03}+*?|^$", "2025-04-03T00:00:00.000Z"],
  ])("%s reads %s", (pattern, text, expected) => {
    expect(iso(pattern, text)).toBe(expected)
  })

  test.each([
    ["dd.MM.yyyy", "3.4.2025"],
    ["dd.MM.yyyy", "31.04.2025"],
    ["dd.MM.yyyy", "03.13.2025"],
    ["dd.MM.yyyy", "03.04.25"],
    ["dd.MM.yyyy", "03x04x2025"],
    ["dd.MM.yyyy", "03.04.2025 10:00"],
    ["dd.MM.yyyy HH:mm", "03.04.2025 24:00"],
    ["dd.MM.yyyy HH:mm", "03.04.2025 10:60"],
    ["MMM d yyyy h:mm a", "Apr 3 2025 13:00 PM"],
    ["MMM d yyyy h:mm a", "Apr 3 2025 0:30 AM"],
    ["d MMM yyyy", "3 Foo 2025"],
  ])("%s does not read %s", (pattern, text) => {
    expect(iso(pattern, text)).toBe("none")
  })

  test("reads every date that it would write", () => {
    const day = fc.date({ min: new Date("1900-01-01"), max: new Date("2099-12-31"), noInvalidDate: true })
    fc.assert(
      fc.property(day, (date) => {
        const [year = "", month = "", rest = ""] = date.toISOString().split("-")
        expect(iso("dd.MM.yyyy HH:mm:ss", `${rest.slice(0, 2)}.${month}.${year} ${rest.slice(3, 11)}`)).toBe(
          `${date.toISOString().slice(0, 19)}.000Z`,
        )
      }),
    )
  })

  test.each(["dd.MM", "yyyy-MM", "HH:mm", "dd.MM.yyyy KK", "DD.MM.YYYY", "dd.mm.yyyy", ""])("%j is refused", (pattern) => {
    expect(() => compileDateFormat(pattern)).toThrow(RangeError)
  })
})
