import { bytes, createPipeline, memory } from "rowgate"
import { inferContract, profile } from "rowgate/profile"
import { describe, expect, test } from "vitest"
import { readInferred } from "./read-inferred.ts"

const rows = (count: number, cell: (row: number) => string) => Array.from({ length: count }, (_, row) => cell(row))
const day = (row: number) => `2024-03-${String(10 + (row % 18)).padStart(2, "0")}`

/** What the delivery report says about the column. */
async function noticeOf(cells: readonly string[], name?: string): Promise<string | undefined> {
  const { report } = await readInferred(cells, name)
  return report.deliveries[0]?.notices.find(({ code, column }) => code === "column.kind" && column === (name ?? "value"))?.message
}

describe("a column says how it reads what its cells leave open", () => {
  test.each<[what: string, cells: readonly string[], message: string]>([
    [
      "times without an offset",
      rows(20, (row) => `${day(row)}T10:00:00${row < 12 ? "" : "Z"}`),
      "Only some times have an offset from UTC; the others are read as UTC (12 without an offset, first in row 2; 8 with one, first in row 14).",
    ],
    [
      "times of which none has an offset",
      [`${day(0)} 10:00:00`, `${day(1)}T11:00`],
      "The times have no offset from UTC and are read as UTC (2 without an offset, first in row 2).",
    ],
    [
      "long numbers that a spreadsheet has shortened, all of them",
      ["1.23457E+11", "4.00638E+12", "7.00000E+10"],
      "Numbers such as 4.00638E+12 have lost digits if a spreadsheet has shortened longer ones (3 with an exponent, first in row 2).",
    ],
    [
      "texts that dumps write for no value",
      ["Ann", "\\N", "Bob", "\\N"],
      "The text \\N is kept, although dumps of MySQL and PostgreSQL write it for no value; `nulls` (--null) reads it so (2 of them, first in row 3).",
    ],
    [
      "formulas that hold a text",
      ['="00123"', '="00456"'],
      "Formulas of a spreadsheet that only hold a text are kept with their equals sign and quotes (2 of them, first in row 2).",
    ],
    [
      "characters that were lost",
      ["Ann", "M\ufffdller", "Bob"],
      "Characters were lost before the file was written: U+FFFD stands in their place (1 with U+FFFD, first in row 3).",
    ],
    [
      "UTF-8 that was read twice, in many rows",
      rows(3000, (row) => (row % 1000 === 999 ? "MÃ¼ller" : `Müller ${"x".repeat(1 + (row % 7))}`)),
      "The texts were UTF-8 that a program has read as Latin-1, so that Ã¼ stands for ü (3 of them, first in row 1001).",
    ],
    [
      "times without an offset in another form",
      rows(9, (row) => `${20 + row}.03.2024 10:00${row === 5 ? "+02:00" : ""}`),
      "Only some times have an offset from UTC; the others are read as UTC (8 without an offset, first in row 2; 1 with one, first in row 7).",
    ],
    [
      "several offsets",
      ["2024-03-30T10:00:00+0100", "2024-03-31T10:00:00+02", "2024-04-01T10:00:00+02:00"],
      "The times have several offsets from UTC; they are kept as instants, without the local time (1 with +01:00, first in row 2; 2 with +02:00, first in row 3).",
    ],
    [
      "dates without a time",
      [day(0), `${day(1)} 08:15`, day(2)],
      "The times have no offset from UTC and are read as UTC (1 without an offset, first in row 3). Some dates have no time and are read as midnight (2 without a time, first in row 2; 1 with one, first in row 3).",
    ],
    [
      "years of two digits",
      ["13/01/60", "14/02/61", "15/03/2024"],
      "Years of two digits are read as 1969 to 2068 (2 with a year of two digits, first in row 2).",
    ],
    [
      "years of the Buddhist calendar",
      ["31/01/2568", "14/02/2568", "9999-12-31"],
      "Some dates are more than 100 years ahead; years of another calendar, such as 2568 for 2025, are not converted (2 far ahead, first in row 2).",
    ],
    [
      "dates in ISO form that are far ahead",
      ["2024-01-31", "2568-01-31"],
      "Some dates are more than 100 years ahead; years of another calendar, such as 2568 for 2025, are not converted (1 far ahead, first in row 3).",
    ],
    [
      "seconds beside milliseconds",
      ["1700000000", "1700000001000", "1700000002"],
      "Some of the numbers may be seconds since 1970 and others milliseconds (2 of 10 digits, first in row 2; 1 of 13 digits, first in row 3).",
    ],
    [
      "amounts of which one has a currency",
      ["10", "12 EUR", "0", "7.50"],
      "Only some amounts have the currency EUR; all are read as numbers, without it (1 with the currency, first in row 3; 3 without, first in row 2).",
    ],
    [
      "an exponent that may be a code",
      ["1.5", "1E5", "2.5"],
      "Cells such as 1E5 are read as numbers with an exponent (1 with an exponent, first in row 3).",
    ],
    [
      "long numbers that a spreadsheet has shortened",
      ["4.00638E+12", "4006381333931"],
      "Numbers such as 4.00638E+12 have lost digits if a spreadsheet has shortened longer ones (1 with an exponent, first in row 2).",
    ],
    [
      "whole numbers that are all in parentheses",
      ["(1)", "(2)", "(3)"],
      "All numbers are in parentheses, or end in a minus sign, and are read as negative (3 of them, first in row 2).",
    ],
  ])("%s", async (_what, cells, message) => {
    expect(await noticeOf(cells)).toBe(message)
  })

  test("years that stand for the end of time are no remark", async () => {
    expect(await noticeOf(["2024-01-31", "2999-12-31", "9999-12-31", "2099-12-31"])).toBeUndefined()
  })

  test.each<[what: string, cells: readonly string[]]>([
    ["times with one offset", rows(9, (row) => `${day(row)}T10:00:00+02:00`)],
    ["times in UTC, written in two ways", [`${day(0)}T10:00:00Z`, `${day(1)}T10:00:00+00:00`]],
    ["texts that only resemble those of dumps and formulas", ["a\\N", "\\n b", "="]],
    ["Portuguese capitals", ["SÃO PAULO", "«AMANHû", "MAÇÃ\u00a0VERDE", "Ã"]],
    ["measurements that all have an exponent", ["1.5E+10", "2.25E+11"]],
    ["dates", rows(9, day)],
    ["amounts in one currency", ["€ 1,50", "0", "€ 2,75"]],
    ["negative amounts among others", ["(1.50)", "2.50", "(3.00)"]],
    ["phone numbers of 10 digits", ["2025550100", "2025550101", "1025550102"]],
    ["exponents with a sign", ["1.5e+10", "2.5", "3"]],
    ["measurements with an exponent", ["1.5E+10", "2.25E+11", "3.5"]],
    ["seconds", ["1700000000", "1700000001"]],
  ])("but says nothing about %s", async (_what, cells) => {
    expect(await noticeOf(cells)).toBeUndefined()
  })

  test.each<[what: string, name: string, cells: readonly string[], message: string | undefined]>([
    [
      "days of a spreadsheet",
      "Order Date",
      ["45231", "45240"],
      "The numbers may be dates, as spreadsheets count days (2 of them, first in row 2).",
    ],
    [
      "days without separators",
      "datum",
      ["20240131", "20231224"],
      "The numbers may be dates, written without separators (2 of them, first in row 2).",
    ],
    ["other numbers below such a header", "date", ["1", "7"], undefined],
    ["such numbers below another header", "amount", ["45231", "20240131"], undefined],
  ])("%s", async (_what, name, cells, message) => {
    expect(await noticeOf(cells, name)).toBe(message)
  })

  test("and in json too, where rows are numbered as its rejects are", async () => {
    const source = bytes(JSON.stringify([{ at: `${day(0)}T10:00:00` }, { at: `${day(1)}T10:00:00+02:00` }]))
    const { columns } = await inferContract(source)
    const report = await createPipeline({ name: "remarks" }).from(source).normalize({ columns }).into(memory()).run()
    expect(report.deliveries[0]?.notices).toContainEqual(
      expect.objectContaining({ message: expect.stringMatching(/^Only some times .*row 1; 1 with one, first in row 2\)\.$/) }),
    )
  })

  test("and a profile shows a cell of each sort", async () => {
    const [table] = await profile(bytes(`at\n${day(0)}T10:00:00\n${day(1)}T11:00:00+02:00\n`))
    expect(table?.columns[0]?.remarks).toEqual([
      `Only some times have an offset from UTC; the others are read as UTC. "${day(0)}T10:00:00", "${day(1)}T11:00:00+02:00"`,
    ])
  })
})

describe("a column of text says which rows raise its doubt", () => {
  test.each<[what: string, cells: readonly string[], message: string]>([
    [
      "two currencies",
      ["10 EUR", "12 USD", "14 EUR"],
      "Read as text. The amounts are in several currencies: EUR (2), USD (1). See rows 2 and 3.",
    ],
    [
      "two units",
      ["10 kg", "12 kg", "900 g"],
      "Read as text. The numbers have different words beside them: kg (2), g (1). See rows 2 and 4.",
    ],
    [
      "a unit among whole numbers",
      ["10", "12", "900 g", "4", "5"],
      "Read as text. The numbers have different words beside them: g (1), none (4). See row 4.",
    ],
    [
      "debits and credits",
      ["10.50 CR", "12.00 DR", "1.00"],
      "Read as text. The numbers have different words beside them: CR (1), DR (1), none (1). See rows 2 and 3.",
    ],
    ["full-width digits", ["１２", "13", "１４"], "Read as text. 2 of the numbers have other digits than 0 to 9. See rows 2 and 4."],
    ["Arabic digits", ["١٢٣٫٥", "٩٨٧٦٥٤٣٢١"], "Read as text. 2 of the numbers have other digits than 0 to 9. See rows 2 and 3."],
    [
      "a word among numbers",
      ["1", "2", "x", "4", "5", "6"],
      "Read as text. 83.3 % of the cells are whole numbers, but 1 is not. See row 4.",
    ],
    [
      "days of a spreadsheet among dates",
      ["45231", day(1), day(2), day(3)],
      "Read as text. 75.0 % of the cells are dates, and 25.0 % are whole numbers, which may be days as spreadsheets count them. See row 2.",
    ],
  ])("%s", async (_what, cells, message) => {
    expect(await noticeOf(cells)).toBe(message)
  })

  test.each<[what: string, cells: readonly string[]]>([
    ["one unit", ["10 kg", "12 kg"]],
    ["numbers of houses", ["12A", "14B", "9C", "8A"]],
    ["words of Japanese", ["東京", "大阪"]],
    ["codes", ["A12", "B13"]],
  ])("and says nothing about %s", async (_what, cells) => {
    expect(await noticeOf(cells)).toBeUndefined()
  })
})

test("numbers of day and month are read with an offset", async () => {
  const { values } = await readInferred(["31/01/2024 10:00Z", "05/02/2024 10:00+02:00", "05/05/2024 10:00"])
  expect(values).toEqual([new Date("2024-01-31T10:00Z"), new Date("2024-02-05T08:00Z"), new Date("2024-05-05T10:00Z")])
})

test("thin spaces group digits", async () => {
  expect((await readInferred(["1\u2009234,50", "2\u202f000,00"])).values).toEqual(["1234.50", "2000.00"])
})

test("versions are text, because 1.10 is not 1.1, and 1.2.24 is no date", async () => {
  for (const cells of [
    ["1.9", "1.10", "2.0"],
    ["1.2.24", "3.4.24", "5.6.24"],
  ]) {
    const { column, values } = await readInferred(cells, "Firmware version")
    expect([column.kind, values]).toEqual(["text", cells])
  }
  expect((await readInferred(["31.1.2024", "1.2.2024"], "released")).column.kind).toBe("date")
})

test.each([
  ["はい", "いいえ"],
  ["是", "否"],
  ["Ναι", "Όχι"],
  ["Так", "Ні"],
  ["כן", "לא"],
  ["نعم", "لا"],
  ["Có", "Không"],
])("%s and %s are booleans", async (yes, no) => {
  expect((await readInferred([yes, no, yes])).values).toEqual([true, false, true])
})
