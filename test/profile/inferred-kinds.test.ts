import { describe, expect, test } from "vitest"
import { toDate } from "../../src/model/fine-instant.ts"
import { readInferred } from "./read-inferred.ts"

const day = (text: string) => new Date(`${text}Z`)

describe("a column is read as what its cells are", () => {
  test.each<[what: string, cells: readonly string[], kind: string, values: readonly unknown[]]>([
    ["whole numbers", ["1", "-20", "300"], "integer", [1, -20, 300]],
    ["numbers with a plus sign", ["+5", "-3"], "integer", [5, -3]],
    ["decimals without a zero before the point", [".5", "-.75"], "decimal", ["0.5", "-0.75"]],
    ["numbers of more digits than a double holds", ["12345678901234567890", "1"], "decimal", ["12345678901234567890", "1"]],
    ["16 digits after the point", ["-18.430000000000007", "2.5"], "decimal", ["-18.430000000000007", "2.5"]],
    ["exponents with a sign", ["80000", "1e+05"], "decimal", ["80000", "100000"]],
    ["exponents without a sign beside fractions", ["12.5", "1e5"], "decimal", ["12.5", "100000"]],
    ["decimal commas", ["1,5", "1000,25"], "decimal", ["1.5", "1000.25"]],
    ["groups of digits, with decimal commas", ["1.234,50", "7,25"], "decimal", ["1234.50", "7.25"]],
    ["groups of digits, with decimal points", ["1,234.50", "7.25"], "decimal", ["1234.50", "7.25"]],
    ["two groups of digits", ["1.234.567", "950"], "integer", [1234567, 950]],
    ["groups of digits with blanks", ["1 234,50", "2\u00a0000,00"], "decimal", ["1234.50", "2000.00"]],
    ["groups of digits with apostrophes", ["1'234.50", "2\u2019000.00"], "decimal", ["1234.50", "2000.00"]],
    ["groups of two digits", ["12,34,567", "1,23,456"], "integer", [1234567, 123456]],
    ["amounts in euros", ["-1.000,00 €", "12,50 €"], "decimal", ["-1000.00", "12.50"]],
    ["amounts with a code of a currency", ["CHF 1'200.00", "CHF 12.50"], "decimal", ["1200.00", "12.50"]],
    ["amounts as accountants write them", ["$1,234.50", "($450.00)", "33.52-"], "decimal", ["1234.50", "-450.00", "-33.52"]],
    ["the minus sign of mathematics", ["\u22125", "6", "\u22127.5"], "decimal", ["-5", "6", "-7.5"]],
    ["percentages", ["12.5 %", "-3%", "0"], "decimal", ["0.125", "-0.03", "0"]],
    ["ISO dates", ["2024-02-29", "2025-01-31"], "date", [day("2024-02-29T00:00"), day("2025-01-31T00:00")]],
    ["dates that begin with the year", ["2024/01/31", "2024/2/1"], "date", [day("2024-01-31T00:00"), day("2024-02-01T00:00")]],
    ["dates with full stops", ["1.2.2024", "31.12.2024"], "date", [day("2024-02-01T00:00"), day("2024-12-31T00:00")]],
    ["dates of two forms", ["2024-01-31", "31.12.2023"], "date", [day("2024-01-31T00:00"), day("2023-12-31T00:00")]],
    [
      "an order that each notation proves",
      ["13.01.2025", "03/04/2025", "25/04/2025"],
      "date",
      [day("2025-01-13T00:00"), day("2025-04-03T00:00"), day("2025-04-25T00:00")],
    ],
    ["an order that years of two digits prove", ["03/04/2025", "25/04/25"], "date", [day("2025-04-03T00:00"), day("2025-04-25T00:00")]],
    ["a proven order", ["03/04/2025", "04/25/2025"], "date", [day("2025-03-04T00:00"), day("2025-04-25T00:00")]],
    ["years of two digits", ["1/31/24", "12/15/00"], "date", [day("2024-01-31T00:00"), day("2000-12-15T00:00")]],
    ["years before 1970 in two digits", ["25/12/69", "31/12/68"], "date", [day("1969-12-25T00:00"), day("2068-12-31T00:00")]],
    [
      "more days than years",
      ["19/12/25", "20/12/25", "21/01/26", "30/01/26"],
      "date",
      [day("2025-12-19T00:00"), day("2025-12-20T00:00"), day("2026-01-21T00:00"), day("2026-01-30T00:00")],
    ],
    [
      "more days than years, the year first",
      ["25/12/19", "25/12/20", "26/01/21", "26/01/30"],
      "date",
      [day("2025-12-19T00:00"), day("2025-12-20T00:00"), day("2026-01-21T00:00"), day("2026-01-30T00:00")],
    ],
    ["years beyond any day", ["99/12/31", "00/01/05"], "date", [day("1999-12-31T00:00"), day("2000-01-05T00:00")]],
    ["English months", ["Jun 12 1998", "Aug 07 1998"], "date", [day("1998-06-12T00:00"), day("1998-08-07T00:00")]],
    ["German months", ["1. März 2024", "15. Dezember 2023"], "date", [day("2024-03-01T00:00"), day("2023-12-15T00:00")]],
    ["German months as Office shortens them", ["01-Mrz-24", "02-Dez-23"], "date", [day("2024-03-01T00:00"), day("2023-12-02T00:00")]],
    ["French months", ["1 février 2024", "15 août 2023"], "date", [day("2024-02-01T00:00"), day("2023-08-15T00:00")]],
    ["Spanish months", ["3 de enero de 2024", "4 de diciembre de 2023"], "date", [day("2024-01-03T00:00"), day("2023-12-04T00:00")]],
    ["Russian months", ["3 января 2024", "4 декабря 2023"], "date", [day("2024-01-03T00:00"), day("2023-12-04T00:00")]],
    [
      "times with microseconds",
      ["2024-01-01 10:00:00.000001", "2024-01-01 10:00:00"],
      "timestamp",
      [toDate(1704103200000.001), day("2024-01-01T10:00")],
    ],
    [
      "times with microseconds, in several lengths",
      ["31.01.2024 10:00:00.5", "1.2.2024 10:00:00.000001"],
      "timestamp",
      [day("2024-01-31T10:00:00.5"), toDate(1706781600000.001)],
    ],
    ["times with microseconds after a month's name", ["31 janvier 2024 10:00:00.000001"], "timestamp", [toDate(1706695200000.001)]],
    ["times of twelve hours", ["1/31/2024 1:05 PM", "2/3/2024 12:00 AM"], "timestamp", [day("2024-01-31T13:05"), day("2024-02-03T00:00")]],
    [
      "times with an offset",
      ["2024-01-01T00:00:00Z", "2024-01-01T05:00:00+02:00"],
      "timestamp",
      [day("2024-01-01T00:00"), day("2024-01-01T03:00")],
    ],
    ["true and false", ["true", "FALSE"], "boolean", [true, false]],
    ["yes and no", ["yes", "No"], "boolean", [true, false]],
    ["ja and nein", ["ja", "nein"], "boolean", [true, false]],
    ["JSON", ['{"a":1}', "[1,2]"], "json", [{ a: 1 }, [1, 2]]],
  ])("%s", async (_, cells, kind, values) => {
    const read = await readInferred(cells)
    expect(read.column.kind).toBe(kind)
    expect(read.values).toEqual(values)
    expect(read.column.evidence).toMatchObject({ cells: cells.length, agreeing: cells.length, share: 1 })
    expect(read.report).toMatchObject({ read: cells.length, loaded: cells.length, rejected: 0 })
  })
})

describe("a column stays text, unchanged and without a doubt", () => {
  test.each<[what: string, cells: readonly string[], name?: string]>([
    ["digits with leading zeros", ["007", "123"]],
    ["decimals with leading zeros", ["01.50", "12.25"]],
    ["phone numbers with a plus sign", ["+49301234567", "+49891234567"]],
    ["phone numbers in groups", ["030 1234567", "040 7654321"]],
    ["phone numbers without leading zeros", ["555-1234", "555-9876"]],
    ["postal codes, by their header", ["12345", "98765"], "Postal Code"],
    ["parts whose numbers look like exponents", ["12E5", "13E7"]],
    ["versions and addresses", ["1.2.3", "10.0.0.1"]],
    ["fractions, ratios and ranges", ["1/2", "3:1", "6-10"]],
    ["country codes with Namibia", ["NA", "DE"]],
    ["words with None among them", ["None", "red", "blue"]],
    ["times of day", ["10:30", "11:45"]],
  ])("%s", async (_, cells, name) => {
    const { column, values, report } = await readInferred(cells, name)
    expect(column).toMatchObject({ kind: "text", nullTexts: [], odd: { cells: 0 } })
    expect(column.doubt).toBeUndefined()
    expect(values).toEqual(cells)
    expect(report).toMatchObject({ loaded: cells.length, rejected: 0, deliveries: [{ issues: {} }] })
  })
})

describe("a column stays text, and the report says why", () => {
  test.each<[what: string, cells: readonly string[], reason: string]>([
    ["thousands or decimals", ["1.234", "2.500", "12.000"], "may group thousands or begin decimals"],
    ["thousands or decimals, with commas", ["1,234", "2,500"], "may group thousands or begin decimals"],
    ["an order that only dates with full stops prove", ["13.01.2025", "03/04/2025", "05/06/2025"], "may be day-first or month-first"],
    ["an order that only dates with hyphens prove", ["13-01-2025", "03/04/25"], "may be day-first or month-first"],
    ["an order that only times with slashes prove", ["1/31/2025 10:00", "2-3-2025 11:00"], "may be day-first or month-first"],
    ["day or month first", ["01/02/2024", "03/04/2024"], "may be day-first or month-first"],
    ["day and month first", ["31/01/2024", "01/31/2024"], "others only month-first"],
    ["day or year first", ["19/12/25"], "may begin with the day or with the year"],
    ["day or year first, with a slip", ["31.12.24", "30.02.24", "15.11.25"], "may begin with the day or with the year"],
    ["times that are finer than a date", ["2024-01-01 10:00:00.1234567"], "more digits of a second"],
    ["numbers in two conventions", ["1.234,50", "1,234.50"], "written in several ways"],
    ["several currencies", ["€5", "$6"], "in several currencies: € (1), $ (1)"],
    ["ids of which some have letters", ["536365", "C536379", "536366", "536367", "536368"], "may be ids"],
    ["only yes", ["yes", "yes"], "its opposite does not occur"],
    ["numbers and booleans", ["true", "0"], "50.0 % of the cells are whole numbers, and 50.0 % are booleans"],
    ["numbers with and without a percent sign", ["12 %", "0.12"], "50.0 % of the cells are"],
    ["a few other words in a small sample", ["1.5", "2.5", "3.5", "4.5", "cheap"], "80.0 % of the cells are numbers, but 1 is not"],
  ])("%s", async (_, cells, reason) => {
    const { column, values, report } = await readInferred(cells)
    expect(column).toMatchObject({ kind: "text", doubt: { reason: expect.stringContaining(reason) } })
    expect(values).toEqual(cells)
    expect(report.deliveries[0]?.notices).toContainEqual({
      code: "column.kind",
      column: "value",
      message: expect.stringContaining(`Read as text. ${column.doubt?.reason}`),
    })
    const score = report.deliveries[0]?.score?.overall
    if (column.doubt?.isOpen === true) expect(score).toBeLessThan(100)
    else expect(score).toBe(100)
    expect(report.deliveries[0]?.issues["cell.doubt"]).toBe(column.doubt?.isOpen === true ? cells.length : undefined)
  })
})

test("the score counts a doubt about what cells stand for, and not one about what they are", async () => {
  const isOpen = async (...cells: readonly string[]) => (await readInferred(cells)).column.doubt?.isOpen
  expect(await isOpen("01/02/2024", "03/04/2024")).toBe(true)
  expect(await isOpen("1.234", "12.000")).toBe(true)
  expect(await isOpen("1.234,50", "1,234.50")).toBe(true)
  expect(await isOpen("536365", "C536379", "536366", "536367", "536368")).toBe(false)
  expect(await isOpen("yes", "yes")).toBe(false)
})

test("another column that proves the decimal sign settles what a separator before three digits is", async () => {
  const { bytes } = await import("rowgate")
  const { inferContract } = await import("rowgate/profile")
  const kindsOf = async (text: string) => (await inferContract(bytes(text))).proposal.columns.map(({ kind, reading }) => [kind, reading])
  expect(await kindsOf("menge;preis\n1.234;1,50\n12.000;2,25\n")).toEqual([
    ["integer", { decimal: ",", group: "." }],
    ["decimal", { decimal: ",", group: "." }],
  ])
  expect(await kindsOf("weight;price\n1.234;1.50\n12.000;2.25\n")).toEqual([
    ["decimal", {}],
    ["decimal", {}],
  ])
})

test("two letters are a boolean only if they are Y and N, or if the header asks", async () => {
  const kindOf = async (cells: readonly string[], name?: string) => (await readInferred(cells, name)).column.kind
  expect(await kindOf(["N", "S", "N"], "region")).toBe("text")
  expect(await kindOf(["T", "F", "T"], "type")).toBe("text")
  expect(await kindOf(["S", "N", "S"], "is_open")).toBe("boolean")
  expect(await kindOf(["Y", "N", "Y"], "active")).toBe("boolean")
})

test("a rare date in a notation of its own is rejected if nothing proves its order", async () => {
  const cells = Array.from({ length: 600 }, (_, row) => `${1 + (row % 28)}/3/2025`)
  const { column, report } = await readInferred([...cells, "03-04-2025"])
  expect(column).toMatchObject({ kind: "date", odd: { cells: 1, rows: [602] } })
  expect(report).toMatchObject({ loaded: 600, rejected: 1 })
})
