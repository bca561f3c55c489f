import { describe, expect, test } from "vitest"
import type { CellValue } from "../../../src/model/cell-value.ts"
import { Duration } from "../../../src/model/duration.ts"
import { TimeOfDay } from "../../../src/model/time-of-day.ts"
import { cellsOf } from "./read-cells.ts"

async function dated(serial: number | string, format: string | number = "yyyy-mm-dd", date1904 = false): Promise<CellValue | undefined> {
  const cells = await cellsOf({ formats: [format], date1904, rows: `<row><c s="1"><v>${serial}</v></c></row>` })
  return cells["A1"]
}

const day = (iso: string) => new Date(`${iso}Z`)

describe("dates of the 1900 system", () => {
  test.each([
    [1, "1900-01-01T00:00"],
    [59, "1900-02-28T00:00"],
    [59.5, "1900-02-28T12:00"],
    [61, "1900-03-01T00:00"],
    [25_569, "1970-01-01T00:00"],
    [44_197.75, "2021-01-01T18:00"],
    [2_958_465, "9999-12-31T00:00"],
    [40_000.5, "2009-07-06T12:00"],
  ])("serial %d is %s", async (serial, iso) => {
    expect(await dated(serial)).toEqual(day(iso))
  })

  test("are rounded to the millisecond", async () => {
    expect(await dated("44197.000011574072", "yyyy-mm-dd hh:mm:ss")).toEqual(day("2021-01-01T00:00:01"))
    expect(await dated("40982.563136574071", "yyyy-mm-dd hh:mm:ss.000")).toEqual(day("2012-03-14T13:30:55"))
  })

  test("that do not exist stay numbers: serial 60, negative serials and those after the year 9999", async () => {
    for (const serial of [60, 60.9, -1, -0.5, 2_958_466, 1e10]) expect(await dated(serial)).toBe(serial)
  })

  test("below 1 are times without a day", async () => {
    expect(await dated(0)).toEqual(new TimeOfDay(0))
    expect(await dated(0.75, "hh:mm")).toEqual(new TimeOfDay(64_800_000))
    expect(await dated("0.99999999999", "hh:mm:ss")).toEqual(new TimeOfDay(86_399_999))
  })

  test("keep the day if a time format shows a whole date", async () => {
    expect(await dated(44_197.75, "hh:mm")).toEqual(day("2021-01-01T18:00"))
  })
})

describe("dates of the 1904 system", () => {
  test.each([
    [0, "1904-01-01T00:00"],
    [0.5, "1904-01-01T12:00"],
    [60, "1904-03-01T00:00"],
    [39_448, "2012-01-02T00:00"],
  ])("serial %d is %s", async (serial, iso) => {
    expect(await dated(serial, "yyyy-mm-dd", true)).toEqual(day(iso))
  })

  test("below 1 are times only if the format shows times, and negative serials stay numbers", async () => {
    expect(await dated(0.5, "hh:mm", true)).toEqual(new TimeOfDay(43_200_000))
    expect(await dated(-1, "yyyy-mm-dd", true)).toBe(-1)
  })
})

describe("formats", () => {
  test("elapsed time is a duration, of any sign and length", async () => {
    expect(await dated(1.5, "[h]:mm:ss")).toEqual(new Duration(129_600_000))
    expect(await dated(-0.25, "[mm]:ss")).toEqual(new Duration(-21_600_000))
    expect(String(await dated(2, 46))).toBe("48:00:00")
  })

  test.each([14, 15, 16, 17, 22, 27, 30, 36, 50, 57, 71, 81])("built-in format %d shows a date", async (id) => {
    expect(await dated(44_197, id)).toEqual(day("2021-01-01T00:00"))
  })

  test.each([18, 19, 20, 21, 45, 47])("built-in format %d shows a time", async (id) => {
    expect(await dated(0.5, id)).toEqual(new TimeOfDay(43_200_000))
  })

  test.each([0, 1, 2, 3, 4, 9, 10, 11, 12, 13, 37, 38, 39, 40, 41, 42, 43, 44, 48, 49, 59, 62, 67, 70, 163])(
    "built-in format %d shows a number",
    async (id) => {
      expect(await dated(0.5, id)).toBe(0.5)
    },
  )

  test("a format that the file defines overrides the built-in one with its number", async () => {
    const styles =
      '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts><numFmt numFmtId="14" formatCode="0.00"/></numFmts><cellXfs><xf/><xf numFmtId="14"/></cellXfs></styleSheet>'
    const cells = await cellsOf({ rows: '<row><c s="1"><v>44197</v></c></row>', parts: [{ name: "xl/styles.xml", content: styles }] })
    expect(cells).toEqual({ A1: 44_197 })
  })

  test("a missing style, or a workbook without styles, shows numbers", async () => {
    const rows = '<row><c s="99"><v>44197</v></c><c s="-1"><v>44197</v></c></row>'
    expect(await cellsOf({ rows, formats: [14] })).toEqual({ A1: 44_197, B1: 44_197 })
    expect(await cellsOf({ rows: '<row><c s="1"><v>44197</v></c></row>', formats: [14], without: ["xl/styles.xml"] })).toEqual({
      A1: 44_197,
    })
  })

  test("texts, booleans and errors are not dates in any format", async () => {
    const cells = await cellsOf({
      formats: [14],
      strings: ["a"],
      rows: '<row><c s="1" t="s"><v>0</v></c><c s="1" t="b"><v>1</v></c><c s="1" t="str"><v>44197</v></c></row>',
    })
    expect(cells).toEqual({ A1: "a", B1: true, C1: "44197" })
  })
})
