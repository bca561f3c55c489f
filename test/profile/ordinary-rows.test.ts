import ExcelJS from "exceljs"
import { bytes } from "rowgate"
import { inferContract } from "rowgate/profile"
import { expect, test } from "vitest"

const kindsOf = async (text: string) => {
  const { proposal, expected } = await inferContract(bytes(text))
  return { rows: proposal.rows, kinds: proposal.columns.map(({ name, kind }) => [name, kind]), expected }
}
const days = ["2025-01-05,5", "2025-01-06,7", "2025-01-07,1", "2025-01-08,2"]

test("a total, a note and the blank row before it say nothing about their columns", async () => {
  expect(await kindsOf(["day,qty", ...days, "Total,15", ",", "* without returns,"].join("\n"))).toEqual({
    rows: 4,
    kinds: [
      ["day", "date"],
      ["qty", "integer"],
    ],
    expected: ["day", "qty"],
  })
})

test("a repeated header and a row with too many cells say nothing either", async () => {
  const { kinds } = await kindsOf(["day,qty", ...days, "day,qty", "x,y,z", ...days].join("\n"))
  expect(kinds).toEqual([
    ["day", "date"],
    ["qty", "integer"],
  ])
})

test("a table of which no row has the width of the header still has its columns", async () => {
  const { kinds } = await kindsOf("id,name,address\n1,Ann,Main St 1, Oslo\n2,Bob,Side St 2, Riga\n")
  expect(kinds.map(([name]) => name)).toEqual(["id", "name", "address"])
})

test("codes that a sheet shows with zeros stay codes beside a row that cannot be read", async () => {
  const book = new ExcelJS.Workbook()
  const sheet = book.addWorksheet("Codes")
  sheet.addRows([
    ["zip", "sum"],
    [1234, 0],
    [987, 1],
    [42, { formula: "B2" }],
  ])
  sheet.getColumn(1).numFmt = "00000"
  const { proposal } = await inferContract(bytes(new Uint8Array(await book.xlsx.writeBuffer())))
  expect(proposal.columns.map(({ name, kind }) => [name, kind])).toEqual([
    ["zip", "text"],
    ["sum", "integer"],
  ])
})
