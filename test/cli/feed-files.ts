import { Random } from "../../examples/data/random.ts"

/** How a feed writes its files. */
export interface FeedStyle {
  readonly delimiter: string
  readonly amount: (cents: number) => string
  readonly day: (ms: number) => string
}

const dayMs = 86_400_000

const iso = (ms: number) => new Date(ms).toISOString().slice(0, 10)

/** As programs write files. */
export const plain: FeedStyle = { delimiter: ",", amount: (cents) => (cents / 100).toFixed(2), day: iso }

/** As an office in Germany writes them. */
export const german: FeedStyle = {
  delimiter: ";",
  amount: (cents) => {
    const [whole = "", fraction = ""] = (cents / 100).toFixed(2).split(".")
    return `${whole.replace(/\B(?=(\d{3})+$)/g, ".")},${fraction}`
  },
  day: (ms) => iso(ms).split("-").reverse().join("."),
}

/** One month of orders. A later month may have another status, greater amounts, and a column more. */
export interface Month {
  readonly first: number
  readonly rows: number
  readonly begins: string
  readonly statuses: readonly [string, ...string[]]
  readonly channel?: boolean
  readonly factor?: number
}

/** The cells of a month, the header first. */
export function monthOf({ first, rows, begins, statuses, channel = false, factor = 1 }: Month, { amount, day }: FeedStyle): string[][] {
  const late = channel ? ["Channel"] : []
  const header = [
    "Order No.",
    "E-Mail",
    "Status",
    ...late,
    "Net",
    "Tax",
    "Total",
    "Qty",
    "Unit price",
    "Line total",
    "Ordered on",
    "Shipped on",
    "Gift?",
  ]
  const lines = Array.from({ length: rows }, (_, at) => {
    const random = new Random(first, at)
    const net = 200 + random.below(90_000 * factor)
    const tax = Math.round(net * 0.19)
    const [pieces, price] = [1 + random.below(9), 100 + random.below(20_000)]
    const ordered = Date.parse(begins) + random.below(28) * dayMs
    const shipped = random.next() < 0.1 ? "" : day(ordered + random.below(6) * dayMs)
    const money = [net, tax, net + tax].map(amount)
    const line = [String(pieces), amount(price), amount(pieces * price)]
    const id = String(first + at)
    const status = random.pick(statuses)
    const extra = channel ? [random.pick(["web", "shop"])] : []
    return [id, `c${id}@example.com`, status, ...extra, ...money, ...line, day(ordered), shipped, random.pick(["yes", "no"])]
  })
  return [header, ...lines]
}

/** The cells as delimited text. */
export function textOf(cells: readonly (readonly string[])[], { delimiter }: FeedStyle): string {
  const field = (text: string) => (text.includes(delimiter) || text.includes('"') ? `"${text.replaceAll('"', '""')}"` : text)
  return `${cells.map((line) => line.map(field).join(delimiter)).join("\n")}\n`
}
