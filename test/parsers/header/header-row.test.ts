import { expect, test } from "vitest"
import type { CellValue } from "../../../src/model/cell-value.ts"
import { findHeader } from "../../../src/parsers/header/header-row.ts"

type Rows = CellValue[][]
const orders: Rows = Array.from({ length: 12 }, (_, i) => [
  i + 1,
  `customer ${i}`,
  new Date(Date.UTC(2024, i, 1)),
  i * 1.5,
  i % 2 ? "paid" : "open",
])
const labels: CellValue[] = ["id", "customer", "ordered on", "amount", "status"]
const text = (rows: Rows): Rows =>
  rows.map((row) => row.map((cell) => (cell instanceof Date ? cell.toISOString().slice(0, 10) : String(cell ?? ""))))

test("the first row is the header if it is text above numbers and dates, typed or as text", () => {
  for (const rows of [[labels, ...orders], text([labels, ...orders])]) {
    const header = findHeader(rows)
    expect(header).toMatchObject({ row: 0, span: 1, dataRow: 1, cells: labels })
    expect(header.confidence).toBeGreaterThan(0.8)
    expect(header.evidence.join()).toContain("text over numbers")
  }
})

test("a table whose first row is like the others has no header", () => {
  for (const rows of [orders, text(orders)]) {
    const header = findHeader(rows)
    expect(header).toMatchObject({ row: undefined, span: 0, dataRow: 0, cells: [] })
    expect(header.confidence).toBeGreaterThan(0.8)
  }
})

test("titles and blank rows above the header are skipped", () => {
  const rows: Rows = [["Quarterly orders"], [], ["refreshed", null, null, "2024-03-01"], [null, null, null], labels, ...orders]
  expect(findHeader(rows)).toMatchObject({ row: 4, span: 1, dataRow: 5, cells: labels })
  expect(findHeader(text(rows), { width: 5 })).toMatchObject({ row: 4, cells: labels })
})

test("a title as wide as a narrow table is not mistaken for the header below it", () => {
  const body: Rows = Array.from({ length: 9 }, (_, i) => [`region ${i}`, i * 10])
  expect(findHeader([["Report", 2020], ["region", "sales"], ...body])).toMatchObject({ row: 1, dataRow: 2 })
})

test("a merged row above the header is joined with it", () => {
  const body: Rows = Array.from({ length: 9 }, (_, i) => [`region ${i}`, i, i * 2, i * 3, i * 4])
  const rows: Rows = [[null, "Q1", null, "Q2", null], ["region", "sales", "cost", "sales", "cost"], ...body]
  expect(findHeader(rows)).toMatchObject({ row: 0, span: 2, dataRow: 2, cells: ["region", "Q1 sales", "Q1 cost", "Q2 sales", "Q2 cost"] })
})

test("a row of units below the header is joined with it, but a data row of missing values is not", () => {
  const body: Rows = Array.from({ length: 9 }, (_, i) => [`sample ${i}`, i, i * 2])
  expect(findHeader([["name", "weight", "length"], ["", "kg", "mm"], ...body]).cells).toEqual(["name", "weight kg", "length mm"])
  expect(findHeader([["name", "weight", "length"], ["sample 9", "n/a", "-"], ...body])).toMatchObject({ span: 1, dataRow: 1 })
})

test.each([
  ["kg", "weight kg"],
  ["(kg)", "weight (kg)"],
  ["[any text]", "weight [any text]"],
  ["%", "weight %"],
  ["km/h", "weight km/h"],
  ["kg/m³", "weight kg/m³"],
  ["T€", "weight T€"],
  ["TEUR", "weight TEUR"],
  ["Mio. EUR", "weight Mio. EUR"],
  ["USD'000", "weight USD'000"],
  ["in thousands", "weight in thousands"],
  ["weight in kg", "weight in kg"],
  ["Amount in EUR", "weight Amount in EUR"],
])("a single unit %j below a name of the header belongs to the header", (unit, name) => {
  for (const [rows, label] of [
    [3, "sample"],
    [40, "sample"],
    [3, null],
  ] as const) {
    const body: Rows = Array.from({ length: rows }, (_, i) => [label === null ? i + 7 : `${label} ${i}`, i + 0.5, i * 2])
    for (const blank of [null, "", "-"]) {
      const sheet: Rows = [["name", "weight", "length"], [blank, unit, blank], ...body]
      expect(findHeader(sheet)).toMatchObject({ row: 0, span: 2, dataRow: 2, cells: ["name", name, "length"] })
      expect(findHeader(text(sheet), { width: 3 })).toMatchObject({ row: 0, span: 2, cells: ["name", name, "length"] })
    }
  }
})

test.each(["closed", "open", "x", "Open in March", "n/a", "(no", "total"])("a single text %j in a column of numbers is a row", (note) => {
  const body: Rows = Array.from({ length: 9 }, (_, i) => [`sample ${i}`, i, i * 2])
  expect(findHeader([["name", "weight", "length"], [null, note, null], ...body])).toMatchObject({ span: 1, dataRow: 1 })
})

test("a unit in a row with other values, or over text, is a row", () => {
  const body: Rows = Array.from({ length: 9 }, (_, i) => [`sample ${i}`, i, ["kg", "g", "lb"][i % 3] ?? ""])
  expect(findHeader([["name", "weight", "unit"], [null, null, "t"], ...body])).toMatchObject({ span: 1, dataRow: 1 })
  expect(findHeader([["name", "weight", "unit"], ["sample x", "kg", null], ...body])).toMatchObject({ span: 1, dataRow: 1 })
})

test("a name that the pipeline expects is not joined with its unit", () => {
  const body: Rows = Array.from({ length: 9 }, (_, i) => [`sample ${i}`, i, i * 2])
  const rows: Rows = [["name", "Net weight", "length"], [null, "kg", "mm"], ...body]
  expect(findHeader(rows, { expected: new Set(["netweight"]) }).cells).toEqual(["name", "Net weight", "length mm"])
  expect(findHeader(rows, { expected: new Set(["netweightkg"]) }).cells).toEqual(["name", "Net weight kg", "length mm"])
})

test("years above numbers are column names", () => {
  const body: Rows = Array.from({ length: 9 }, (_, i) => [`land ${i}`, i * 1.1, i * 2.2, i * 3.3])
  expect(findHeader([["land", 2019, 2020, 2021], ...body])).toMatchObject({ row: 0, cells: ["land", "2019", "2020", "2021"] })
})

test("in text columns, a value that repeats or has the same shape as the others is evidence against a header", () => {
  const status = ["open", "paid", "open", "sent", "paid", "open", "sent", "open", "paid", "sent"]
  expect(findHeader(status.map((value, i) => [value, `user${i}@example.com`])).row).toBeUndefined()
  expect(findHeader([["status", "email"], ...status.map((value, i) => [value, `user${i}@example.com`])]).row).toBe(0)
})

test("a header that is repeated above a second table is still a header", () => {
  const names = ["first name", "city", "country"]
  const people = ["Ann", "Bert", "Zoë", "Tom", "Li"].map((name, i) => [name, ["Oslo", "Rome"][i % 2] ?? "", ["DE", "FR"][i % 2] ?? ""])
  expect(findHeader([names, ...people, names, ...people])).toMatchObject({ row: 0, cells: names })
  expect(findHeader([names, ...people, [...names, "age"], ...people])).toMatchObject({ row: 0, cells: names })
  expect(findHeader([...people, ...people]).row).toBeUndefined()
  expect(findHeader(Array.from({ length: 12 }, () => ["red", "blue"])).row).toBeUndefined()
})

test("names that repeat each other are names if the columns below do not repeat them", () => {
  const rows = ["Ann Oslo red", "Bert Rome blue", "Zoë Paris red", "Tom Oslo green"].map((row) => row.split(" "))
  expect(findHeader([["col", "col", "col"], ...rows])).toMatchObject({ row: 0, span: 1 })
})

test("group names with gaps between them belong to the names below, even above text columns", () => {
  const rows = Array.from({ length: 12 }, (_, i) => [`BRCA${i}`, `chr${i}`, i % 2 ? "+" : "-"])
  const found = findHeader([["position", "", "direction"], ["gene", "chromosome", "strand"], ...rows], { width: 3 })
  expect(found).toMatchObject({ row: 0, span: 2, cells: ["position gene", "position chromosome", "direction strand"] })
})

test("lines above a table are not its rows, even if the table has no more rows than lines", () => {
  const rows = [["Report"], ["by Ann"], ["id", "name", "born"], ["1", "Zoë", "1990-02-03"]]
  expect(findHeader(rows, { width: 3 })).toMatchObject({ row: 2, dataRow: 3 })
})

test("plain text is no evidence: the first row is the header, with even odds", () => {
  const names = ["Ann", "Bert", "Carla", "Dietmar"].map((name) => [name, `${name} lives here`])
  expect(findHeader([["name", "remark"], ...names])).toMatchObject({ row: 0, confidence: 0.5 })
})

test("a header without data is a header, a single row of values is data, and nothing is neither", () => {
  expect(findHeader([labels])).toMatchObject({ row: 0, span: 1, dataRow: 1 })
  expect(findHeader([[1, "Ann", "2024-01-01"]])).toMatchObject({ row: undefined, dataRow: 0 })
  expect(findHeader([[], [null, ""]])).toMatchObject({ row: undefined, dataRow: 2, cells: [] })
  expect(findHeader([])).toMatchObject({ row: undefined, dataRow: 0 })
})

test("sixteen thousand columns are judged in time", () => {
  const wide = Array.from({ length: 60 }, (_, i) => Array.from({ length: 16_384 }, (_, j) => (i === 0 ? `c${j}` : i * j)))
  const started = performance.now()
  expect(findHeader(wide)).toMatchObject({ row: 0, span: 1 })
  expect(performance.now() - started).toBeLessThan(1500)
})

const items: CellValue[][] = [
  ["Pos", "Article", "Qty", "Price", "Total"],
  [1, "Bolt", 10, 0.15, 1.5],
  [2, "Nut", 100, 0.05, 5],
]
const day = new Date(Date.UTC(2025, 0, 31))

test.each<[what: string, form: CellValue[][], below: CellValue[][]]>([
  [
    "with totals below the table",
    [
      ["INVOICE", null, null, "No.", "2025-0012"],
      ["Customer", "ACME", null, "Date", day],
    ],
    [
      [null, null, null, "Subtotal", 6.5],
      [null, null, null, "VAT 20%", 1.3],
      [null, null, null, "Total", 7.8],
      ["Payable within 14 days."],
    ],
  ],
  [
    "of numbers",
    [
      ["PO", "4711", null, "Date", "2025-01-31"],
      ["Vendor", "ACME", null, "Buyer", "Ann"],
    ],
    [[3, "Nut", 100, 0.05, 5]],
  ],
  [
    "as long as the table",
    [
      ["PO", 4711],
      ["Vendor", "ACME", null, "Buyer", "Ann"],
    ],
    [],
  ],
  ["with a title", [["Bestellung"], ["Lieferant", "ACME", null, "Datum", day], ["Kunde", "Ulm GmbH"]], items.slice(1)],
])("a row of names behind a blank row is the header, not the form above it, %s", (_what, form, below) => {
  const rows = [...form, [], ...items, ...below]
  for (const each of [rows, text(rows)])
    expect(findHeader(each)).toMatchObject({ row: form.length + 1, span: 1, cells: items[0], dataRow: form.length + 2 })
})

test("a table with a blank column is no form above the rows behind a blank row", () => {
  const header: CellValue[] = ["Name", "City", null, "Age", "Paid"]
  const rows: Rows = [
    header,
    ["Ann", "Ulm", null, 31, 5],
    ["Bob", "Graz", null, 42, 7],
    [],
    ["Cid", "Lyon", null, 53, 9],
    ["Dee", "Rome", "x", 1, 2],
  ]
  expect(findHeader(rows)).toMatchObject({ row: 0, cells: header })
})
