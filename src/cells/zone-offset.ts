import { dayMs, daysFromCivil } from "./civil-date.ts"

const formats = new Map<string, Intl.DateTimeFormat>()

/** How far a zone's clock is ahead of UTC at an instant, in milliseconds. Throws a `RangeError` for an unknown zone. */
function offsetAt(zone: string, instant: number): number {
  let format = formats.get(zone)
  if (format === undefined) {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
      era: "short",
    })
    formats.set(zone, format)
  }
  const part: { [type: string]: string } = {}
  for (const { type, value } of format.formatToParts(instant)) part[type] = value
  const year = part["era"] === "BC" ? 1 - Number(part["year"]) : Number(part["year"])
  // Date.UTC would move the years 0 to 99 to the 20th century.
  const seconds = (Number(part["hour"]) * 60 + Number(part["minute"])) * 60 + Number(part["second"])
  const clock = daysFromCivil(year, Number(part["month"]), Number(part["day"])) * dayMs + seconds * 1000
  return clock - Math.floor(instant / 1000) * 1000
}

/**
 * The instant at which a zone's clock shows a local time, both in milliseconds. If the clock shows a local time twice, the earlier instant is
 * used. A local time that the clock skips is read with the offset before the gap.
 */
export function zonedToUtc(local: number, zone: string): number {
  const before = offsetAt(zone, local - dayMs)
  const first = local - before
  if (offsetAt(zone, first) === before) return first
  const second = local - offsetAt(zone, first)
  return offsetAt(zone, second) === local - second ? second : first
}
