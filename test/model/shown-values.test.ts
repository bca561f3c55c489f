import fc from "fast-check"
import { expect, test } from "vitest"
import { CellError } from "../../src/model/cell-error.ts"
import { Duration } from "../../src/model/duration.ts"
import { TimeOfDay } from "../../src/model/time-of-day.ts"

test("a time of day shows hours, minutes and seconds, and milliseconds where there are any", () => {
  expect(String(new TimeOfDay(0))).toBe("00:00:00")
  expect(JSON.stringify({ at: new TimeOfDay(52_245_007) })).toBe('{"at":"14:30:45.007"}')
})

test("a duration keeps its hours beyond a day, and its sign", () => {
  expect(String(new Duration(112_500_000))).toBe("31:15:00")
  expect(String(new Duration(-1500))).toBe("-00:00:01.500")
  expect(new Duration(3_600_000).toJSON()).toBe("01:00:00")
})

test("a duration shows its exact value, to the millisecond", () => {
  fc.assert(
    fc.property(fc.integer({ min: -(2 ** 40), max: 2 ** 40 }), (ms) => {
      const [, sign = "", hours, minutes, seconds, fraction = "0"] =
        /^(-?)(\d+):(\d\d):(\d\d)(?:\.(\d{3}))?$/.exec(String(new Duration(ms))) ?? []
      const total = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000 + Number(fraction)
      expect(sign === "-" ? -total : total).toBe(ms)
    }),
  )
})

test("an error cell shows what the spreadsheet shows", () => {
  expect(`${new CellError("#DIV/0!")} ${JSON.stringify([new CellError("#N/A")])}`).toBe('#DIV/0! ["#N/A"]')
})
