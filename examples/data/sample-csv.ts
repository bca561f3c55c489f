import { type SampleOrder, sampleOrder } from "./sample-order.ts"

type OrderFields = { [C in (typeof header)[number]]: string }

const header = [
  "order_no",
  "customer",
  "email",
  "postcode",
  "country",
  "ordered_on",
  "qty",
  "unit_price",
  "total",
  "currency",
  "status",
  "gift",
  "tracking",
  "notes",
] as const

/** What happens to fields of a text file. Each kind of damage is done to one order, six orders apart. */
const damages: readonly [string, (fields: OrderFields, order: SampleOrder) => Partial<OrderFields>][] = [
  ["amount with a point for a comma", (fields) => ({ unit_price: fields.unit_price.replace(".", "").replace(",", ".") })],
  ["amount with blanks between thousands", () => ({ unit_price: "1 234,56", total: "1 234,56", qty: "1" })],
  ["amount in words", () => ({ unit_price: "free" })],
  ["date as ISO text", () => ({ ordered_on: "2025-07-14" })],
  ["date that no calendar has", () => ({ ordered_on: "30.02.2025" })],
  ["date of month first", () => ({ ordered_on: "12/31/2025" })],
  ["date in the future", () => ({ ordered_on: "01.05.2031" })],
  ["date missing", () => ({ ordered_on: "" })],
  ["customer n/a", () => ({ customer: "n/a" })],
  ["customer of blanks", () => ({ customer: "   " })],
  ["e-mail with two @", (fields) => ({ email: fields.email.replace("@", "@@") })],
  ["e-mail with a blank", (fields) => ({ email: fields.email.replace("@", " @") })],
  ["order number of the first order", () => ({ order_no: "2001" })],
  ["order number with a letter", (fields) => ({ order_no: `${fields.order_no}A` })],
  ["quantity zero", () => ({ qty: "0" })],
  ["quantity as 1e3", () => ({ qty: "1e3" })],
  ["status in capitals", (fields) => ({ status: fields.status.toUpperCase() })],
  ["status unknown", () => ({ status: "lost" })],
  ["currency of another country", () => ({ currency: "NAD", country: "DE" })],
  ["total that is not quantity times price", () => ({ total: "1,11" })],
  ["blanks around", (fields) => ({ customer: ` ${fields.customer}  `, country: `${fields.country} ` })],
  ["text that looks like a formula", () => ({ notes: "=1+1" })],
  ["quotes and a semicolon", () => ({ notes: 'he said "now"; then left' })],
  ["wrong encoding once too often", (_, { customer }) => ({ customer: Buffer.from(customer, "utf8").toString("latin1") })],
]

/** How many orders the file has, besides a repeated one. */
export const sampleCsvOrders = 160

/** The damage that was done to orders, by their position. The others are clean. */
export function sampleCsvDamage(): ReadonlyMap<number, string> {
  const rows = [
    [21, "a field too many"],
    [42, "three fields too few"],
    [63, "the line of another order again"],
  ] as const
  return new Map([...damages.map(([name], at) => [2 + at * 6, name] as const), ...rows])
}

/** A text file as an old system may send it: BOM, semicolons, decimal commas, CRLF, quoted line breaks, ragged and damaged rows. */
export function sampleCsv(seed = 2): string {
  const lines = [header.join(";")]
  for (let index = 0; index < sampleCsvOrders; index++) {
    const line = lineOf(index, seed)
    if (index === 21) lines.push(`${line};surplus`)
    else if (index === 42) lines.push(line.split(";").slice(0, -3).join(";"))
    else lines.push(line)
    if (index === 63) lines.push(line)
    if (index === 100) lines.push("")
  }
  return `\ufeff${lines.join("\r\n")}\r\n`
}

function lineOf(index: number, seed: number): string {
  const order = sampleOrder(index, seed)
  const clean = fieldsOf(order)
  const fields = { ...clean, ...damages[(index - 2) / 6]?.[1](clean, order) }
  return header.map((column) => field(fields[column])).join(";")
}

function fieldsOf(order: SampleOrder): OrderFields {
  const [year = "", month = "", day = ""] = order.ordered.toISOString().slice(0, 10).split("-")
  return {
    order_no: String(order.orderNo + 1000),
    customer: order.customer,
    email: order.email,
    postcode: order.postcode ?? "",
    country: order.country,
    ordered_on: `${day}.${month}.${year}`,
    qty: String(order.quantity),
    unit_price: german(order.unitPrice),
    total: german(order.quantity * order.unitPrice),
    currency: order.currency,
    status: order.status,
    gift: order.gift ? "yes" : "no",
    tracking: order.tracking,
    notes: order.notes ?? "",
  }
}

/** Hundredths as `1.234,56`. */
function german(hundredths: number): string {
  const whole = String(Math.floor(hundredths / 100)).replace(/\B(?=(\d{3})+$)/g, ".")
  return `${whole},${String(hundredths % 100).padStart(2, "0")}`
}

function field(text: string): string {
  return /[";\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
