import excel from "exceljs"
import { parquetWriteBuffer } from "hyparquet-writer"

/** An order as examples/lambda reads it: each column by one of the headers that it knows. */
export interface OrderRow {
  readonly orderNo: number
  readonly customer: string
  readonly email: string
  readonly quantity: number
  readonly unitPrice: string
  readonly total: string
  readonly orderedOn: string
}

export interface OrderRows {
  readonly rows: readonly OrderRow[]
  /** How many of them the pipeline rejects. */
  readonly rejected: number
}

/** Orders of which one in fifty has a bad e-mail address or a wrong total, and the last repeats the number of the first. */
export function orderRows(count: number, first: number): OrderRows {
  const rows = Array.from({ length: count }, (_, index) => orderRow(index, first))
  const last = rows.pop() as OrderRow
  rows.push({ ...last, orderNo: first })
  return { rows, rejected: rows.filter((_, index) => index % 50 === 7 || index % 50 === 32).length + 1 }
}

function orderRow(index: number, first: number): OrderRow {
  const quantity = 1 + (index % 9)
  const cents = 101 + ((index * 37) % 9_000)
  return {
    orderNo: first + index,
    customer: `Customer ${index % 97}`,
    email: index % 50 === 7 ? "nobody" : `customer${index % 97}@example.com`,
    quantity,
    unitPrice: (cents / 100).toFixed(2),
    total: ((cents * quantity + (index % 50 === 32 ? 1 : 0)) / 100).toFixed(2),
    orderedOn: `2025-${String(1 + (index % 12)).padStart(2, "0")}-${String(1 + (index % 28)).padStart(2, "0")}`,
  }
}

const headers = ["Order No.", "customer", "E-Mail", "quantity", "Price", "total", "Date"]

function cellsOf({ orderNo, customer, email, quantity, unitPrice, total, orderedOn }: OrderRow) {
  return [orderNo, customer, email, quantity, unitPrice, total, orderedOn] as const
}

export function asCsv(rows: readonly OrderRow[]): string {
  return [headers, ...rows.map(cellsOf)].map((cells) => `${cells.join(",")}\n`).join("")
}

export function asNdjson(rows: readonly OrderRow[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join("")
}

export async function asXlsx(rows: readonly OrderRow[]): Promise<Uint8Array> {
  const workbook = new excel.Workbook()
  const sheet = workbook.addWorksheet("Orders")
  sheet.addRow(headers)
  for (const row of rows) sheet.addRow(cellsOf(row).map((cell, at) => (at === 6 ? new Date(`${cell}T00:00:00Z`) : cell)))
  return Buffer.from(await workbook.xlsx.writeBuffer())
}

export function asParquet(rows: readonly OrderRow[]): Uint8Array {
  const column = <K extends keyof OrderRow>(name: K, type: "INT32" | "STRING") => ({ name, type, data: rows.map((row) => row[name]) })
  return new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        column("orderNo", "INT32"),
        column("customer", "STRING"),
        column("email", "STRING"),
        column("quantity", "INT32"),
        column("unitPrice", "STRING"),
        column("total", "STRING"),
        column("orderedOn", "STRING"),
      ],
    }),
  )
}
