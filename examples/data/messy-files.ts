import ExcelJS from "exceljs"
import { strToU8, zipSync } from "fflate"
import { Random } from "./random.ts"
import { type SampleOrder, sampleOrder } from "./sample-order.ts"

/** A file as customers send it, and how a careful person would load it. */
export interface MessyFile {
  readonly name: string
  readonly careful: string
  readonly bytes: () => Promise<Uint8Array>
}

const seed = 2026
const day = (date: Date) => date.toISOString().slice(0, 10)
const slashed = (date: Date) => day(date).split("-").toReversed().join("/")
const pick = (rows: number, from = 0) => Array.from({ length: rows }, (_, row) => sampleOrder(from + row, seed))
/** Amounts of one currency with two decimals. */
const price = ({ unitPrice }: SampleOrder) => (unitPrice / 100).toFixed(2)
const plain = (order: SampleOrder) => [order.orderNo, order.country, order.quantity, price(order), day(order.ordered)].join(",")
const text = (lines: readonly string[], end = "\n") => strToU8(lines.join(end) + end)

/** Twelve messy files. They are the same on every machine. */
export const messyFiles: readonly MessyFile[] = [
  {
    name: "title.csv",
    careful: "leaves out the title and its date, and says so; loads 40 orders",
    bytes: async () =>
      text([
        "Orders of the northern region,,,,",
        "Printed,2026-01-05,,,",
        ",,,,",
        "Order No.,Country,Qty,Price,Ordered on",
        ...pick(40).map(plain),
      ]),
  },
  {
    name: "totals.csv",
    careful: "knows the total and the note below the orders for what they are; the date column stays a date",
    bytes: async () => {
      const orders = pick(40)
      const quantity = orders.reduce((sum, order) => sum + order.quantity, 0)
      return text([
        "Ordered on,Order No.,Qty,Price",
        ...orders.map((order) => `${day(order.ordered)},${order.orderNo},${order.quantity},${price(order)}`),
        `Total,,${quantity},`,
        ",,,",
        "* prices without VAT,,,",
      ])
    },
  },
  {
    name: "two-tables.csv",
    careful: "loads the orders; names the second table and loads nothing of it under the names of the first",
    bytes: async () =>
      text([
        "Order No.,Country,Qty,Price,Ordered on",
        ...pick(30).map(plain),
        "",
        "Country,Name",
        "DE,Germany",
        "FR,France",
        "JP,Japan",
        "NA,Namibia",
      ]),
  },
  {
    name: "european.csv",
    careful: "reads windows-1252, semicolons, decimal commas, percentages and days first; keeps the zeros of postcodes",
    bytes: async () =>
      windows1252(
        [
          "Kundennr;Käufer;PLZ;Menge;Preis (€);Rabatt;Bestellt am",
          ...pick(40).map((order) => {
            const [whole = "", cents = ""] = price(order).split(".")
            const euros = `${whole.replace(/\B(?=(?:\d{3})+$)/g, ".")},${cents}`
            const { postcode, customer, quantity, ordered } = order
            const germanDay = day(ordered).split("-").toReversed().join(".")
            return `0${order.orderNo};${customer.replace("Çelik", "Schäfer")};${postcode ?? "00000"};${quantity};${euros};${quantity},5 %;${germanDay}`
          }),
        ].join("\r\n"),
      ),
  },
  {
    name: "mixed-dates.csv",
    careful: "reads the day first where the days prove it, and rejects 31/02/2025",
    bytes: async () =>
      text([
        "Order No.,Ordered on",
        ...pick(60).map(({ orderNo, ordered }, row) => `${orderNo},${row === 23 ? "31/02/2025" : slashed(ordered)}`),
      ]),
  },
  {
    name: "null-words.csv",
    careful: "reads N/A, -, null and #N/A as no value and counts them; keeps NA of Namibia",
    bytes: async () =>
      text([
        "Order No.,Country,Qty,Price,Ordered on",
        ...pick(60).map((order, row) => {
          const cells = plain(order).split(",")
          const [word, at] = row % 7 === 3 ? (wordsForNothing[Math.floor(row / 7)] ?? ["", 0]) : ["", 0]
          if (at > 0) cells[at] = word
          return cells.join(",")
        }),
      ]),
  },
  {
    name: "duplicate-headers.csv",
    careful: "keeps both columns of each name, under names of their own, and says so",
    bytes: async () =>
      text([
        "Order No.,Date,Amount,Date,amount",
        ...pick(30).map((order) => `${order.orderNo},${day(order.ordered)},${price(order)},${day(order.ordered)},${price(order)}`),
      ]),
  },
  {
    name: "wide.csv",
    careful: "loads all 300 columns",
    bytes: async () => {
      const random = new Random(seed)
      const columns = Array.from({ length: 299 }, (_, column) => `week ${column + 1}`)
      return text([
        ["store", ...columns].join(","),
        ...pick(25).map(({ orderNo }) => [orderNo, ...columns.map(() => random.below(500))].join(",")),
      ])
    },
  },
  {
    name: "three-sheets.xlsx",
    careful: "loads one sheet, and names the other two",
    bytes: () =>
      workbook({
        January: [header, ...pick(20).map(cells)],
        February: [header, ...pick(15, 20).map(cells)],
        March: [header, ...pick(10, 35).map(cells)],
      }),
  },
  {
    name: "cover.xlsx",
    careful: "takes the sheet with the orders for the table, not the cover",
    bytes: () =>
      workbook({
        Cover: [["Orders 2025"], [], ["Prepared by", "Finance"], ["Confidential"]],
        Orders: [["Orders 2025"], [], header, ...pick(25).map(cells)],
      }),
  },
  {
    name: "months.zip",
    careful: "loads a table for each csv file, and knows that the text file is none",
    bytes: async () =>
      zipSync(
        {
          "README.txt": strToU8("The files of the quarter.\nAsk Finance if one is missing.\n"),
          "january.csv": text(["Order No.,Country,Qty,Price,Ordered on", ...pick(20).map(plain)]),
          "february.csv": text(["Order No.,Country,Qty,Price,Ordered on", ...pick(15, 20).map(plain)]),
          "customers.csv": text(["Customer,E-Mail", ...pick(10).map(({ customer, email }) => `${customer},${email}`)]),
        },
        { mtime: new Date(2026, 0, 5) },
      ),
  },
  {
    name: "api.json",
    careful: "finds the orders in the answer, and says where",
    bytes: async () => {
      const data = pick(25).map(({ orderNo, country, quantity, ordered, ...order }) => ({
        id: orderNo,
        country,
        quantity,
        price: Number(price({ orderNo, country, quantity, ordered, ...order })),
        ordered: ordered.toISOString(),
        // An API leaves out what it does not know.
        ...(order.notes === null ? {} : { notes: order.notes }),
      }))
      return strToU8(JSON.stringify({ status: "ok", page: { number: 1, of: 1 }, data }))
    },
  },
]

/** Words for no value, and the column that has them. */
const wordsForNothing: readonly (readonly [string, number])[] = [
  ["N/A", 2],
  ["-", 3],
  ["null", 4],
  ["#N/A", 3],
  ["n/a", 4],
  ["-", 2],
]

const header = ["Order No.", "Country", "Qty", "Price", "Ordered on"]
const cells = (order: SampleOrder) => [order.orderNo, order.country, order.quantity, Number(price(order)), order.ordered]

async function workbook(sheets: { readonly [name: string]: readonly (readonly ExcelJS.CellValue[])[] }): Promise<Uint8Array> {
  const book = new ExcelJS.Workbook()
  book.created = book.modified = new Date(Date.UTC(2026, 0, 5))
  for (const [name, rows] of Object.entries(sheets)) {
    const sheet = book.addWorksheet(name)
    for (const row of rows) sheet.addRow([...row]).getCell(5).numFmt = "yyyy-mm-dd"
  }
  return new Uint8Array(await book.xlsx.writeBuffer())
}

/** Text of western Europe: every character is its own code, but for the euro sign. */
const windows1252 = (given: string) => Uint8Array.from(given, (character) => (character === "€" ? 0x80 : character.charCodeAt(0)))
