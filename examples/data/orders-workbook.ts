import ExcelJS from "exceljs"
import { type OrderCells, orderColumns } from "./order.ts"
import { type OrdersOptions, orders } from "./orders.ts"

/** Writes orders as a workbook: one sheet `Orders`, with shared strings, numbers and dates. A spoilt cell that is neither a number nor a date stays text. */
export async function writeOrdersWorkbook(path: string, options: OrdersOptions): Promise<void> {
  const workbook = new ExcelJS.stream.xlsx.WorkbookWriter({ filename: path, useSharedStrings: true, useStyles: true })
  const sheet = workbook.addWorksheet("Orders")
  sheet.getColumn(orderColumns.indexOf("order_date") + 1).numFmt = "yyyy-mm-dd"
  sheet.addRow(orderColumns).commit()
  for (const cells of orders(options)) sheet.addRow(typedCells(cells)).commit()
  await workbook.commit()
}

function typedCells(cells: OrderCells): (string | number | Date | null)[] {
  return orderColumns.map((column) => {
    const text = cells[column]
    if (text === "") return null
    if (column === "order_date") return dateOf(text) ?? text
    const isNumber = column === "order_id" || column === "amount" || column === "quantity"
    return isNumber && /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text
  })
}

/** Undefined if the calendar has no such day. `Date` would move it to another day. */
function dateOf(text: string): Date | undefined {
  const date = new Date(`${text}T00:00:00Z`)
  return Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== text ? undefined : date
}
