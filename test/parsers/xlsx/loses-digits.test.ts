import { describe, expect, test } from "vitest"
import { losesDigits } from "../../../src/parsers/xlsx/cells/loses-digits.ts"
import { cellsOf } from "./read-cells.ts"

const cell = (value: string, style = 0) => `<row r="1"><c r="A1" s="${style}"><v>${value}</v></c></row>`

describe("numbers of a workbook with more digits than a spreadsheet keeps", () => {
  test.each([
    "12345678901234567890",
    "-12345678901234567890",
    "12345678901234567",
    "1234567890123456",
    "4111111111111111",
    "99999999999999999999999999999999999999",
    "0.1234567890123456789",
    "-0.1234567890123456789",
    "1234567.123456789012",
    "12345678901234.567",
    "123456789012345.67",
    "9007199254740993.5",
    "1.23456789012345678901E+5",
    `${"1234567890".repeat(12)}.5`,
  ])("%s keeps its digits as text", async (written) => {
    expect(await cellsOf({ rows: cell(written) })).toEqual({ A1: written })
    expect(await cellsOf({ rows: cell(written).replace("<v>", "<v><![CDATA[").replace("</v>", "]]></v>") })).toEqual({ A1: written })
    expect(await cellsOf({ rows: cell(written).replace("<v>", "<f>1</f><v>") })).toEqual({ A1: written })
  })

  test.each([
    "1234.5599999999999",
    "0.30000000000000004",
    "0.33333333333333331",
    "0.3333333333333333",
    "43101.333333333336",
    "9.9999999999999995E-8",
    "1.1000000000000001",
    "12345678901234.561",
    "1.2345678901234567E+19",
    "1.152921504606847E+18",
    "123456789012345000000",
    "123456789012345",
    "0.1000000000000000055511151231257827",
    "0.000000000000000000000000012",
    "00000000000000000000012",
    "1.5000000000000000000000",
    "1.7976931348623157E+308",
    "5E-324",
    "4.9406564584124654E-324",
  ])("%s is a number", async (written) => {
    expect(await cellsOf({ rows: cell(written) })).toEqual({ A1: Number(written) })
  })

  test("every double is a number, as Excel and other programs write it", () => {
    const bytes = new DataView(new ArrayBuffer(8))
    let seed = 1
    const next = () => (seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0)
    for (let count = 0; count < 20_000; count++) {
      bytes.setUint32(0, next())
      bytes.setUint32(4, next())
      const value = count % 2 === 0 ? bytes.getFloat64(0) : (next() / 2 ** 32) * 10 ** (next() % 6)
      // From here to where exponents begin, the digits may be those of an id or an amount.
      if (!Number.isFinite(value) || (Math.abs(value) >= 1e12 && Math.abs(value) < 1e21)) continue
      for (const text of [value.toPrecision(17), String(value)])
        expect([text, losesDigits(Buffer.from(text), 0, text.length, value)]).toEqual([text, false])
    }
  })

  test("a date and a time are read from any number of digits", async () => {
    const rows = '<row r="1"><c r="A1" s="1"><v>45000.50000000000012345</v></c><c r="B1" s="2"><v>12345678901234567890</v></c></row>'
    expect(await cellsOf({ formats: ["yyyy-mm-dd hh:mm", "#,##0.00"], rows })).toEqual({
      A1: new Date("2023-03-15T12:00:00Z"),
      B1: "12345678901234567890",
    })
  })
})
