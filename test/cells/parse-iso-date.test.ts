import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { parseIsoDate } from "../../src/cells/parse-iso-date.ts"

/** Reads the date from the middle of other bytes, as in a batch. */
function parse(text: string): number {
  const bytes = Buffer.from(`1${text}7`)
  return parseIsoDate(bytes, 1, bytes.length - 1)
}

const twoDigits = (number: number) => String(number).padStart(2, "0")
const instant = fc.date({ min: new Date("0001-01-01T00:00:00Z"), max: new Date("9999-12-31T23:59:59.999Z"), noInvalidDate: true })

describe("parseIsoDate", () => {
  test("returns the same instant as Date, in every notation", () => {
    const part = fc.constantFrom("date", "minutes", "seconds", "ms", "offset")
    fc.assert(
      fc.property(
        instant,
        part,
        fc.constantFrom("T", "t", " "),
        fc.constantFrom("", " ", "\u00a0"),
        (date, precision, separator, space) => {
          const iso = date.toISOString()
          const [day = "", time = ""] = iso.split("T")
          const texts: { readonly [precision: string]: readonly [text: string, sameInstant: string] } = {
            date: [day, `${day}T00:00:00Z`],
            minutes: [day + separator + time.slice(0, 5), `${day}T${time.slice(0, 5)}:00Z`],
            seconds: [`${day}${separator}${time.slice(0, 8)}Z`, `${day}T${time.slice(0, 8)}Z`],
            ms: [day + separator + time, iso],
            offset: [`${day}${separator}${time.slice(0, 12)}`, iso],
          }
          const [text = "", expected = ""] = texts[precision] ?? []
          expect(parse(space + text + space)).toBe(Date.parse(expected))
        },
      ),
      { numRuns: 1000 },
    )
  })

  test("subtracts an offset, with or without colon and minutes", () => {
    fc.assert(
      fc.property(
        instant,
        fc.integer({ min: -23 * 60, max: 23 * 60 }),
        fc.constantFrom("+00:00", "+0000", "+00"),
        (date, minutes, form) => {
          const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60]
          const shown = form === "+00" ? hours * 60 : hours * 60 + rest
          const offset = `${minutes < 0 ? "-" : "+"}${twoDigits(hours)}${form === "+00" ? "" : `${form.includes(":") ? ":" : ""}${twoDigits(rest)}`}`
          const local = date.toISOString().slice(0, 23)
          expect(parse(local + offset)).toBe(date.getTime() - (minutes < 0 ? -shown : shown) * 60_000)
        },
      ),
    )
  })

  test("refuses days that are not in the calendar and times that no clock shows", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 20 }),
        fc.integer({ min: 0, max: 40 }),
        fc.integer({ min: 1900, max: 2100 }),
        (month, day, year) => {
          const text = `${year}-${twoDigits(month)}-${twoDigits(day)}`
          const real = new Date(`${text}T00:00:00Z`)
          const exists = !Number.isNaN(real.getTime()) && real.toISOString().startsWith(text)
          expect(parse(text)).toBe(exists ? real.getTime() : Number.NaN)
        },
      ),
    )
    for (const time of ["24:01", "25:00", "12:60", "12:30:60", "1:30", "12:3", "12", "12:30:", "12:30:15.", "12:30:1"])
      expect(parse(`2024-02-29T${time}`), time).toBeNaN()
  })

  test("reads 24:00 as midnight of the next day", () => {
    expect(parse("2024-02-29T24:00")).toBe(Date.parse("2024-03-01"))
  })

  test("keeps microseconds as a fraction, and refuses digits that it cannot keep", () => {
    expect(parse("2024-02-29T00:00:00.123456000Z")).toBe(Date.parse("2024-02-29T00:00:00.123Z") + 0.456)
    expect(parse("2024-02-29T00:00:00.1234569Z")).toBeNaN()
    expect(parse("2024-02-29T00:00:00.1234Z")).toBe(Date.parse("2024-02-29T00:00:00.123Z") + 0.4)
    expect(parse("2024-02-29T02:00:00.000001+02:00")).toBe(parse("2024-02-29T00:00:00.000001"))
    expect(parse("9999-12-31T23:59:59.999999Z")).toBeNaN()
    expect(parse("9999-12-31T23:59:59.999000Z")).toBe(Date.parse("9999-12-31T23:59:59.999Z"))
    expect(parse("2024-02-29 00:00:00,5")).toBe(Date.parse("2024-02-29T00:00:00.5Z"))
  })

  test("refuses any other text, and does not read digits of neighbouring cells", () => {
    for (const text of [
      "",
      "2024",
      "2024-1-1",
      "20240101",
      "2024-02-2",
      "2024-02-29Z",
      "2024-02-29T",
      "02/29/2024",
      "2024-02-29T10:00+",
      "2024-02-29T10:00+1",
    ])
      expect(parse(text), text).toBeNaN()
    for (const text of [
      "2024-02-29T10:00+100",
      "2024-02-29T10:00+01:0",
      "2024-02-29T10:00Zulu",
      "2024-02-29T10:00 Europe/Berlin",
      "2024-02-29x",
    ])
      expect(parse(text), text).toBeNaN()
  })
})
