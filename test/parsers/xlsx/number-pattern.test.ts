import { expect, test } from "vitest"
import { numberText } from "../../../src/cells/number-text.ts"
import { TextReader } from "../../../src/cells/readers/text-reader.ts"
import type { Column } from "../../../src/model/column.ts"
import type { TableBatch } from "../../../src/model/table-batch.ts"
import { FormatCode } from "../../../src/parsers/xlsx/cells/format-code.ts"
import { shownNumber } from "../../../src/parsers/xlsx/cells/number-pattern.ts"
import { xlsx } from "../../../src/parsers/xlsx/xlsx.ts"
import { decodeBatch } from "../../../src/parts/decode-batch.ts"
import { encodeBatch } from "../../../src/parts/encode-batch.ts"
import { propose } from "../../../src/profile/propose.ts"
import { chunkedFile } from "../chunked-file.ts"
import { readContext, readTable } from "../read-table.ts"
import { type WorkbookSketch, workbookBytes } from "./workbook-bytes.ts"

function shown(code: string, value: number): string {
  const pattern = new FormatCode(code).patternOf(value)
  return (pattern && shownNumber(value, pattern)) ?? numberText(value)
}

test.each<[string, number, string]>([
  ["00000", 501, "00501"],
  ["00000", 0, "00000"],
  ["00000", 123_456, "123456"],
  ["00000", 1.5, "1.5"],
  ["00000", -3, "-3"],
  ["[$-407]00000", 501, "00501"],
  ["000-00-0000", 1_120_045, "001-12-0045"],
  ["000\\-00\\-0000", 1_120_045, "001-12-0045"],
  ['"No. "0000', 17, "No. 0017"],
  ["[<=9999999]###-####;(###) ###-####", 5_551_234, "555-1234"],
  ["[<=9999999]###-####;(###) ###-####", 3_035_551_234, "(303) 555-1234"],
  ["0.00", 9.5, "9.50"],
  ["0.00", 9, "9.00"],
  ["0.00", -9.5, "-9.50"],
  ["0.00", 9.875, "9.875"],
  ["0.00", 0.1 + 0.2, "0.30"],
  ["#,##0.00", 1234.5, "1234.50"],
  ["#,##0.00 [$€-407]", 1234.5, "1234.50"],
  ["0.00;[Red]-0.00", -1.5, "-1.50"],
  ["0.0#", 2, "2.0"],
  ["0", 7, "7"],
  ["#,##0", 1234, "1234"],
  ["General", 7.25, "7.25"],
  ["0%", 0.5, "0.5"],
  ["0.00%", 0.5, "0.5"],
  ["0.00E+00", 1500, "1500"],
  ["# ?/?", 0.5, "0.5"],
  ["0.0,", 1500, "1500"],
  ['"Q"0', 3, "3"],
  ["@", 3, "3"],
])("the format %s shows %d as %s", (code, value, text) => {
  expect(shown(code, value)).toBe(text)
})

const sheet: WorkbookSketch = {
  formats: ["00000", 2],
  rows:
    '<row r="1"><c r="A1" t="str"><v>zip</v></c><c r="B1" t="str"><v>price</v></c><c r="C1" t="str"><v>code</v></c></row>' +
    [1067, 20_095, 412]
      .map(
        (zip, at) =>
          `<row r="${at + 2}"><c r="A${at + 2}" s="1"><v>${zip}</v></c><c r="B${at + 2}" s="2"><v>${at}.5</v></c><c r="C${at + 2}"${at === 1 ? ' t="str"' : ' s="1"'}><v>${at === 1 ? "K7" : zip}</v></c></row>`,
      )
      .join(""),
}
const file = () => chunkedFile(workbookBytes(sheet), 37, "memory/book.xlsx")

test("numbers stay numbers, and are as shown where a column is read as text", async () => {
  const { rows, batches } = await readTable(xlsx(), file())
  expect(rows).toEqual([
    [1067, 0.5, 1067],
    [20_095, 1.5, "K7"],
    [412, 2.5, 412],
  ])
  const reader = new TextReader({ trim: true })
  const [batch] = batches as TableBatch<unknown>[]
  if (batch === undefined) throw new Error("there is no batch")
  // A part of a file that another process reads shows the same.
  for (const { columns } of [batch, decodeBatch(encodeBatch(batch))]) {
    const textsOf = (name: string) => {
      const column = reader.read((columns as { readonly [name: string]: Column<unknown> })[name] as Column<unknown>, () => undefined)
      return Array.from({ length: column.length }, (_, row) => column.at(row))
    }
    expect(textsOf("zip")).toEqual(["01067", "20095", "00412"])
    expect(textsOf("price")).toEqual(["0.50", "1.50", "2.50"])
    expect(textsOf("code")).toEqual(["01067", "K7", "00412"])
  }
})

test("a column that is shown with leading zeros is inferred to be text", async () => {
  const { columns } = await propose(xlsx().parse(file(), readContext()))
  expect(columns.map(({ name, kind }) => [name, kind])).toEqual([
    ["zip", "text"],
    ["price", "decimal"],
    ["code", "text"],
  ])
})
