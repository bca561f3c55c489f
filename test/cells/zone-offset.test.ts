import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { zonedToUtc } from "../../src/cells/zone-offset.ts"

const utc = (local: string, zone: string) => new Date(zonedToUtc(Date.parse(`${local}Z`), zone)).toISOString().slice(0, 19)

/** The time that a zone's clock shows at an instant, computed differently than in the source. */
function clockAt(instant: number, zone: string): number {
  const shown = new Date(instant).toLocaleString("sv-SE", { timeZone: zone })
  return Date.parse(`${shown.replace(" ", "T")}Z`)
}

describe("a local time as an instant", () => {
  test.each([
    ["Europe/Berlin", "2025-07-01T14:30:00", "2025-07-01T12:30:00", "in summer"],
    ["Europe/Berlin", "2025-01-01T14:30:00", "2025-01-01T13:30:00", "in winter"],
    ["Europe/Berlin", "2025-03-30T01:59:59", "2025-03-30T00:59:59", "before the gap"],
    ["Europe/Berlin", "2025-03-30T02:30:00", "2025-03-30T01:30:00", "in the gap: with the offset before it"],
    ["Europe/Berlin", "2025-03-30T03:00:00", "2025-03-30T01:00:00", "after the gap"],
    ["Europe/Berlin", "2025-10-26T02:30:00", "2025-10-26T00:30:00", "shown twice: the earlier one"],
    ["Europe/Berlin", "2025-10-26T03:00:00", "2025-10-26T02:00:00", "after the fold"],
    ["America/New_York", "2025-11-02T01:30:00", "2025-11-02T05:30:00", "shown twice: the earlier one"],
    ["America/New_York", "2025-03-09T02:30:00", "2025-03-09T07:30:00", "in the gap"],
    ["Australia/Lord_Howe", "2025-04-06T01:45:00", "2025-04-05T14:45:00", "a fold of half an hour"],
    ["Pacific/Apia", "2011-12-30T12:00:00", "2011-12-30T22:00:00", "a skipped day"],
    ["Asia/Kolkata", "2025-01-01T00:00:00", "2024-12-31T18:30:00", "an offset with half an hour"],
    ["UTC", "2025-01-01T00:00:00", "2025-01-01T00:00:00", "no offset"],
    ["Europe/London", "0050-01-01T00:00:00", "0050-01-01T00:01:15", "long before time zones"],
  ])("%s %s is %s (%s)", (zone, local, instant) => {
    expect(utc(local, zone)).toBe(instant)
  })

  test("is shown on the zone's clock, and is the first instant that is", () => {
    const zones = fc.constantFrom(
      "Europe/Berlin",
      "America/St_Johns",
      "Asia/Tokyo",
      "Australia/Lord_Howe",
      "Pacific/Kiritimati",
      "Africa/Casablanca",
    )
    const instants = fc.integer({ min: Date.parse("1980-01-01") / 60_000, max: Date.parse("2037-12-31") / 60_000 })
    fc.assert(
      fc.property(zones, instants, (zone, minutes) => {
        const instant = minutes * 60_000
        const local = clockAt(instant, zone)
        const found = zonedToUtc(local, zone)
        expect(clockAt(found, zone)).toBe(local)
        expect(found).toBeLessThanOrEqual(instant)
        expect(instant - found).toBeLessThanOrEqual(3_600_000)
      }),
    )
  })

  test("refuses an unknown zone", () => {
    expect(() => zonedToUtc(0, "Europe/Nowhere")).toThrow(RangeError)
  })
})
