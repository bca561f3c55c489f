import ExcelJS from "exceljs"
import { type SampleOrder, sampleOrder } from "./sample-order.ts"

/** The cells of one order in the sheet, by column. */
type OrderCells = { [C in (typeof columns)[number]["key"]]: ExcelJS.CellValue }

const columns = [
  { key: "orderNo", header: "Order No." },
  { key: "customer", header: "Customer " },
  { key: "email", header: "E-Mail" },
  { key: "postcode", header: "Postcode" },
  { key: "country", header: "Country" },
  { key: "ordered", header: "Order date" },
  { key: "quantity", header: "Qty" },
  { key: "unitPrice", header: "Unit price" },
  { key: "total", header: "Total" },
  { key: "currency", header: "Currency" },
  { key: "status", header: "Status" },
  { key: "gift", header: "Gift" },
  { key: "tracking", header: "Tracking" },
  { key: "notes", header: "Notes" },
] as const

/** What people and programs do to a sheet. Each kind of damage is done to one order, five orders apart. */
const damages: readonly [string, (cells: OrderCells, order: SampleOrder) => Partial<OrderCells>][] = [
  ["price as German text", () => ({ unitPrice: "1.234,56" })],
  ["price with its sign", () => ({ unitPrice: "99,90 €" })],
  ["price that is none", () => ({ unitPrice: "on request" })],
  ["date as German text", () => ({ ordered: "03.02.2025" })],
  ["date as ISO text", () => ({ ordered: "2025-02-03" })],
  ["date as a bare serial number", () => ({ ordered: 45691 })],
  ["date that no calendar has", () => ({ ordered: "31.02.2025" })],
  ["date in words", () => ({ ordered: "beginning of May" })],
  ["date in the future", () => ({ ordered: new Date(Date.UTC(2031, 4, 1)) })],
  ["missing customer", () => ({ customer: null })],
  ["customer N/A", () => ({ customer: "N/A" })],
  ["e-mail as a dash", () => ({ email: "-" })],
  ["status NULL", () => ({ status: "NULL" })],
  ["total #N/A", () => ({ total: { error: "#N/A" } })],
  ["total #DIV/0!", () => ({ total: { formula: "1/0", result: { error: "#DIV/0!" } } })],
  ["quantity #REF!", () => ({ quantity: { error: "#REF!" } })],
  ["total that is not quantity times price", (_, { quantity, unitPrice }) => ({ total: (quantity * unitPrice) / 100 + 13.37 })],
  ["order number of the first order", () => ({ orderNo: 1001 })],
  ["order number as text", (_, { orderNo }) => ({ orderNo: String(orderNo) })],
  ["order number missing", () => ({ orderNo: null })],
  ["quantity as text", (_, { quantity }) => ({ quantity: String(quantity) })],
  ["quantity in words", () => ({ quantity: "a dozen" })],
  ["quantity below zero", () => ({ quantity: -2 })],
  ["quantity and a half", () => ({ quantity: 2.5 })],
  ["postcode as a number, its zero lost", (_, { postcode }) => ({ postcode: Number(postcode ?? 7) })],
  ["country in words", () => ({ country: "Germany" })],
  ["country that does not exist", () => ({ country: "XX" })],
  ["spaces around", (_, { customer, status }) => ({ customer: `  ${customer} `, status: `${status} ` })],
  ["a no-break space within", (_, { customer }) => ({ customer: customer.replace(" ", "\u00a0") })],
  ["status in capitals", (_, { status }) => ({ status: status.toUpperCase() })],
  ["status misspelt", () => ({ status: "payed" })],
  ["e-mail without @", (_, { email }) => ({ email: email.replace("@", "(at)") })],
  ["two e-mails in one cell", (_, { email }) => ({ email: `${email}, other@example.com` })],
  ["gift as yes", () => ({ gift: "yes" })],
  ["gift as x", () => ({ gift: "x" })],
  ["gift as perhaps", () => ({ gift: "perhaps" })],
  ["tracking as a number, digits lost", (_, { tracking }) => ({ tracking: Number(tracking) })],
  ["wrong currency for the country", () => ({ currency: "NAD", country: "DE" })],
  [
    "names in rich text",
    (_, { customer }) => ({ customer: { richText: [{ font: { bold: true }, text: customer.slice(0, 3) }, { text: customer.slice(3) }] } }),
  ],
  ["e-mail as a hyperlink", (_, { email }) => ({ email: { text: email, hyperlink: `mailto:${email}` } })],
  ["text that looks like a formula", () => ({ notes: '=HYPERLINK("http://example.com")' })],
  ["wrong encoding once too often", (_, { customer }) => ({ customer: Buffer.from(customer, "utf8").toString("latin1") })],
]

/** How many orders the sheet has, besides a repeated one, a blank row and a row of totals. */
export const sampleWorkbookOrders = 240

/** The first row of orders, counted from 1. A title, a date and a blank row are above the header. */
const firstRow = 5

/** A workbook as the office of a shop may send it: titles above the header, formulas, and every kind of damage that a sheet can have. */
export function sampleWorkbook(seed = 1): ExcelJS.Workbook {
  const workbook = new ExcelJS.Workbook()
  workbook.created = workbook.modified = new Date(Date.UTC(2026, 0, 5, 8, 30))
  const sheet = workbook.addWorksheet("Orders")
  sheet.mergeCells(1, 1, 1, columns.length)
  sheet.getCell("A1").value = "Order export, Nordwind Trading"
  sheet.getCell("A2").value = "as of 5 January 2026, amounts in the currency of the order"
  sheet.getRow(firstRow - 1).values = columns.map(({ header }) => header)
  let row = firstRow
  for (let index = 0; index < sampleWorkbookOrders; index++) {
    if (index === 120) row++
    fill(sheet.getRow(row), orderCells(index, row, seed))
    row++
    if (index === 200) fill(sheet.getRow(row), orderCells(index, row++, seed))
  }
  const total = sheet.getRow(row)
  total.getCell(1).value = "Total"
  total.getCell(9).value = { formula: `SUM(I${firstRow}:I${row - 1})`, result: totalOfAll(seed) }
  const lookup = workbook.addWorksheet("Countries", { state: "hidden" })
  lookup.addRows([
    ["Code", "Name"],
    ["DE", "Germany"],
    ["FR", "France"],
    ["JP", "Japan"],
    ["US", "United States"],
    ["NA", "Namibia"],
  ])
  return workbook
}

/** The damage that was done to orders, by their position. The others are clean. */
export function sampleWorkbookDamage(): ReadonlyMap<number, string> {
  return new Map(damages.map(([name], at) => [damagedIndex(at), name]))
}

/** The sum of the column as a spreadsheet computes it, from numbers only. The last row shows it. */
function totalOfAll(seed: number): number {
  let hundredths = 0
  for (let index = 0; index < sampleWorkbookOrders; index++) {
    const { quantity, unitPrice } = sampleOrder(index, seed)
    hundredths += quantity * unitPrice
  }
  return hundredths / 100
}

function damagedIndex(at: number): number {
  return 3 + at * 5
}

function orderCells(index: number, row: number, seed: number): OrderCells {
  const order = sampleOrder(index, seed)
  const { quantity, unitPrice } = order
  const cells: OrderCells = {
    ...order,
    unitPrice: unitPrice / 100,
    total: index % 2 === 0 ? { formula: `G${row}*H${row}`, result: (quantity * unitPrice) / 100 } : (quantity * unitPrice) / 100,
  }
  const at = (index - 3) / 5
  return { ...cells, ...damages[at]?.[1](cells, order) }
}

function fill(row: ExcelJS.Row, cells: OrderCells): void {
  columns.forEach(({ key }, at) => {
    const cell = row.getCell(at + 1)
    cell.value = cells[key]
    if (cells[key] instanceof Date) cell.numFmt = row.number % 3 === 0 ? "dd.mm.yyyy" : "yyyy-mm-dd"
    if (key === "unitPrice" || key === "total") cell.numFmt = "#,##0.00"
  })
}
