import { describe, expect, test } from "vitest"
import { FormatCode } from "../../../src/parsers/xlsx/cells/format-code.ts"
import { xlsx } from "../../../src/parsers/xlsx/xlsx.ts"
import type { XlsxOptions } from "../../../src/parsers/xlsx/xlsx-options.ts"
import { chunkedFile } from "../chunked-file.ts"
import { readTable } from "../read-table.ts"
import { type SketchedCell, sheetRows } from "./sheet-rows.ts"
import { type WorkbookSketch, workbookBytes } from "./workbook-bytes.ts"

/** The notices of a table by code, without the row or column that they are about. */
async function noticesOf(sketch: WorkbookSketch, options?: XlsxOptions): Promise<readonly (readonly [code: string, message: string])[]> {
  const { batches } = await readTable(xlsx(options), chunkedFile(workbookBytes(sketch), undefined, "memory/book.xlsx"))
  return (batches[0]?.table.notices ?? []).map(({ code, message }) => [code, message])
}

const numbers = (rows: number, styleOf: (row: number) => number) =>
  Array.from({ length: rows }, (_, row): SketchedCell[] => [`item ${row}`, { value: 10 + row, style: styleOf(row) }])

describe("units that number formats show", () => {
  test.each([
    ['#,##0.00 "€"', "EUR"],
    ['#,##0.00 "EUR";[Red]-#,##0.00 "EUR"', "EUR"],
    ["#,##0.00 [$€-407]", "EUR"],
    ['_-* #,##0.00\\ "€"_-;\\-* #,##0.00\\ "€"_-;_-* "-"??\\ "€"_-;_-@_-', "EUR"],
    ['_("$"* #,##0.00_);_("$"* \\(#,##0.00\\);_("$"* "-"??_);_(@_)', "USD"],
    ["[$$-409]#,##0.00", "USD"],
    ['"CHF" #,##0.00', "CHF"],
    ["0.0%", "%"],
    ['0.0 "kg"', "kg"],
    ['General" kg"', "kg"],
    ["0\\°C", "°C"],
    ["#,##0.00", undefined],
    ["0.00E+00", undefined],
    ["[$-409]0.00", undefined],
    ['"INV-"0000', undefined],
    ["# ?/?", undefined],
    ["@", undefined],
    ['#,##0,"k"', undefined],
    ['[=1]0" day";0" days"', undefined],
    ["yyyy-mm-dd", undefined],
  ])("the format %s shows the unit %j", (code, unit) => {
    expect(new FormatCode(code).unit).toBe(unit)
  })

  test("amounts in several currencies are a notice of their column, and the values stay", async () => {
    const formats = ['#,##0.00 "€"', "[$$-409]#,##0.00", '#,##0 "EUR"']
    const rows = numbers(12, (row) => (row === 4 || row === 7 ? 2 : row % 2 === 0 ? 1 : 3))
    const sketch = { formats, rows: sheetRows([["item", "price"], ...rows]) }
    expect(await noticesOf(sketch)).toEqual([
      ["column.units", 'The amounts of "price" are in several currencies: EUR (10 cells from B2 on), USD (2 cells from B6 on).'],
    ])
    const read = await readTable(xlsx(), chunkedFile(workbookBytes(sketch), undefined, "memory/book.xlsx"))
    expect(read.rows.map(([, price]) => price)).toEqual(rows.map((_, row) => 10 + row))
  })

  test("other units are named, and so are percentages among other numbers", async () => {
    const formats = ['0.0 "kg"', '0.0 "lb"', 10, "0.00"]
    const mixed = (styleOf: (row: number) => number) => sheetRows([["item", "n"], ...numbers(9, styleOf)])
    expect(await noticesOf({ formats, rows: mixed((row) => (row === 5 ? 2 : 1)) })).toEqual([
      ["column.units", 'The numbers of "n" are in several units: kg (8 cells from B2 on), lb (1 cell: B7).'],
    ])
    for (const style of [0, 4])
      expect(await noticesOf({ formats, rows: mixed((row) => (row === 5 ? style : 3)) })).toEqual([
        ["column.units", '"n" has percentages (8 cells from B2 on) and other numbers (1 cell: B7). A cell that shows 12 % is 0.12.'],
      ])
  })

  test("one unit, and a currency in the first row and the total only, are no notice", async () => {
    const formats = ['_("$"* #,##0.00_)', "_(* #,##0.00_)", "0%", '0 "kg"', "yyyy-mm-dd", "0.0%"]
    for (const styleOf of [
      () => 1,
      (row: number) => (row === 0 || row === 8 ? 1 : 2),
      (row: number) => (row % 2 === 0 ? 3 : 6),
      (row: number) => (row < 4 ? 4 : 0),
      () => 5,
    ])
      expect(await noticesOf({ formats, rows: sheetRows([["item", "n"], ...numbers(9, styleOf)]) })).toEqual([])
    // Zero is the same in percent.
    const zero: SketchedCell[][] = [...numbers(5, () => 3), ["none", 0]]
    expect(await noticesOf({ formats, rows: sheetRows([["item", "n"], ...zero]) })).toEqual([])
  })
})

const sales: SketchedCell[][] = [
  ["region", "city", "sales"],
  ["North", "A", 1],
  [null, "B", 2],
  [null, "C", 3],
  ["South", "D", 4],
  [null, "E", 5],
  ["West", "F", 6],
]
const merged = (...ranges: string[]) => `<mergeCells>${ranges.map((range) => `<mergeCell ref="${range}"/>`).join("")}</mergeCells>`
const sheet = (rows: readonly (readonly SketchedCell[])[], ...ranges: string[]): WorkbookSketch => ({
  sheets: [{ rows: sheetRows(rows), after: merged(...ranges) }],
})

describe("merged areas in the rows of a table", () => {
  test("blank cells of merged areas are counted, and the first area is named", async () => {
    const remedy = 'To give each cell the value of its area, read them with xlsx({ merged: "fill" }).'
    expect(await noticesOf(sheet(sales, "A5:A6", "A2:A4"))).toEqual([
      ["sheet.merged", `2 merged areas leave 3 cells blank. The first is A2:A4. ${remedy}`],
    ])
    expect(await noticesOf(sheet(sales, "A5:A6"))).toEqual([["sheet.merged", `The merged area A5:A6 leaves 1 cell blank. ${remedy}`]])
    expect(await noticesOf(sheet(sales, "A2:A4"), { merged: "fill" })).toEqual([])
  })

  test("titles, headers, titles between rows and notes below them are no notice", async () => {
    const title: SketchedCell[][] = [["Sales of 2025"], [], ...sales.map((row) => row.map((cell) => cell ?? "Z"))]
    expect((await noticesOf(sheet(title, "A1:C1"))).map(([code]) => code)).toEqual(["sheet.preamble"])
    const full = sales.map((row) => row.map((cell) => cell ?? "Z"))
    expect(await noticesOf(sheet([...full.slice(0, 4), ["South, all cities"], ...full.slice(4)], "A5:C5"))).toEqual([])
    expect(await noticesOf(sheet([...full, ["A note"]], "A8:C9"))).toEqual([])
    const groups: SketchedCell[][] = [
      ["region", "Q1", null],
      [null, "sales", "cost"],
      ...full.slice(1).map(([a, , c]) => [a ?? "", c ?? 0, 7]),
    ]
    expect(await noticesOf(sheet(groups, "A1:A2", "B1:C1"))).toEqual([])
    // A merged area without a value hides none.
    expect(await noticesOf(sheet([...full, [null, "G", 7], [null, "H", 8]], "A8:A9"))).toEqual([])
  })

  test("a sheet beyond the sample is read to its end if its first column has blank cells", async () => {
    const long = (blank: boolean) =>
      Array.from({ length: 9000 }, (_, row): SketchedCell[] => [blank && row % 3 > 0 ? null : `r${row}`, `c${row}`, row])
    const ranges = Array.from({ length: 3000 }, (_, at) => `A${2 + at * 3}:A${4 + at * 3}`)
    const [notice] = await noticesOf(sheet([["region", "city", "sales"], ...long(true)], ...ranges))
    expect(notice?.[0]).toBe("sheet.merged")
    expect(notice?.[1]).toContain("The first is A2:A4.")
    expect(await noticesOf(sheet([["region", "city", "sales"], ...long(false)], ...ranges))).toEqual([])
  })

  test("a faulty end of a sheet costs the notice only", async () => {
    const broken = { sheets: [{ rows: sheetRows(sales), after: '<mergeCells><mergeCell ref="A2:A4"/></wrong>' }] }
    expect(await noticesOf(broken)).toEqual([])
  })
})

describe("hidden rows and formulas without results", () => {
  const plain = sheetRows([
    ["city", "pieces"],
    ["Bonn", 1],
    ["Ulm", 2],
    ["Jena", 3],
    ["Kiel", 4],
  ])
  const hide = (attribute: string, ...rows: number[]) =>
    rows.reduce((xml, row) => xml.replace(`<row r="${row}">`, `<row r="${row}" ${attribute}>`), plain)

  test.each(['hidden="1"', 'spans="1:2" ht="15" hidden="true" customHeight="1"', "hidden='1'"])(
    "rows with %s are read, and a notice counts them",
    async (hidden) => {
      const message = (rows: string) => `${rows}; hidden rows were read too. To leave them out, set xlsx({ hiddenRows: "skip" }).`
      expect(await noticesOf({ rows: hide(hidden, 3, 5) })).toEqual([
        ["sheet.hidden_rows", message("2 rows are hidden, the first is row 3")],
      ])
      expect(await noticesOf({ rows: hide(hidden, 4) })).toEqual([["sheet.hidden_rows", message("Row 4 is hidden")]])
      expect(await noticesOf({ rows: hide(hidden, 4) }, { hiddenRows: "skip" })).toEqual([])
    },
  )

  test("rows that are not hidden, and hidden rows outside of the table, are no notice", async () => {
    expect(await noticesOf({ rows: hide('hidden="0"', 3) })).toEqual([])
    expect(await noticesOf({ rows: hide('ht="15" x:hidden="1"', 3) })).toEqual([])
    expect(await noticesOf({ rows: hide('hidden="1"', 1) })).toEqual([])
    expect(await noticesOf({ rows: `${plain}<row r="6" hidden="1"/><row r="9" hidden="1"></row>` })).toEqual([])
  })

  test("the columns of formulas without results are named", async () => {
    const cells = (row: number) =>
      `<row r="${row}"><c r="A${row}"><v>${row}</v></c><c r="B${row}"><f>A${row}*2</f></c><c r="C${row}"><f>A${row}</f><v>1</v></c></row>`
    const rows = `${sheetRows([["id", "twice", "same"]])}${[2, 3, 4].map(cells).join("")}`
    expect(await noticesOf({ rows })).toEqual([
      [
        "cell.not_calculated",
        'The file does not hold the results of formulas in "twice" (3 cells from B2 on). Open the workbook in a spreadsheet program and save it.',
      ],
    ])
  })
})

describe("links of a sheet", () => {
  const link = (ref: string, attributes = 'r:id="rId1"') =>
    `<hyperlink xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" ref="${ref}" ${attributes}/>`
  const linked = (...links: string[]): WorkbookSketch => ({
    sheets: [
      {
        rows: sheetRows([
          ["name", "site", "pieces"],
          ["Ann", "Website", 1],
          ["Bob", "https://example.com/bob", 2],
          ["Eve", "www.example.com", 3],
          ["Tom", "tom@example.com", 4],
        ]),
        after: `<hyperlinks>${links.join("")}</hyperlinks>`,
      },
    ],
  })

  test("a notice says which cells link to an address that they do not show", async () => {
    expect(await noticesOf(linked(link("B2"), link("B3"), link("B4"), link("B5"), link("A3:A4")))).toEqual([
      ["column.links", 'Cells of "name" link to addresses that they do not show (2 cells from A3 on). The addresses are not read.'],
      ["column.links", 'Cells of "site" link to addresses that they do not show (1 cell: B2). The addresses are not read.'],
    ])
  })

  test("texts that are addresses, links within the workbook, in the header and to blank cells are no notice", async () => {
    expect(await noticesOf(linked(link("B3"), link("B4"), link("B5"), link("A1"), link("B9"), link("A2", 'location="Other!A1"')))).toEqual(
      [],
    )
  })
})

describe("words struck out in a cell", () => {
  const run = (text: string, properties = "") => `<r><rPr>${properties}</rPr><t>${text}</t></r>`
  const rowsOf = (cells: readonly string[]) =>
    cells.map((cell, at) => `<row r="${at + 1}">${cell.replace("<c ", `<c r="A${at + 1}" `)}</row>`).join("")
  const shared = (at: number) => `<c t="s"><v>${at}</v></c>`

  test("are read with a warning, shared or inline", async () => {
    const strings = ["price", run("100", "<b/><strike/>") + run("120"), run("90", '<strike val="1"></strike>') + run("80"), "70"]
    const inline = `<c t="inlineStr"><is>${run("60", "<strike/>")}${run("50")}</is></c>`
    const bytes = workbookBytes({ strings, rows: rowsOf([shared(0), shared(1), shared(2), shared(3), inline, shared(1)]) })
    const { rows, issues } = await readTable(xlsx(), chunkedFile(bytes, undefined, "memory/book.xlsx"))
    expect(rows).toEqual([["100120"], ["9080"], ["70"], ["6050"], ["100120"]])
    expect(issues).toEqual([0, 1, 3, 4].map((row) => `${row}: text.struck price`))
  })

  test("have no warning where strike is off", async () => {
    const strings = ["price", run("100", '<strike val="0"/>') + run("120"), run("90", '<strike val="false"/><u/>') + run("80")]
    const bytes = workbookBytes({ strings, rows: rowsOf([shared(0), shared(1), shared(2)]) })
    expect((await readTable(xlsx(), chunkedFile(bytes, undefined, "memory/book.xlsx"))).issues).toEqual([])
  })
})
