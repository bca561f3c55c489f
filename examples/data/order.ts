import { Random } from "./random.ts"

/** The header of the generated orders. */
export const orderColumns = [
  "order_id",
  "customer_name",
  "email",
  "country",
  "order_date",
  "amount",
  "currency",
  "quantity",
  "status",
  "notes",
] as const

/** One of the ten columns. */
export type OrderColumn = (typeof orderColumns)[number]

/** The cells of one order, as text, by column. */
export type OrderCells = { [C in OrderColumn]: string }

export const countries = ["US", "DE", "FR", "JP", "BR", "IN", "NG", "PL", "CN", "GB", "NA", "NO"] as const
export const currencies = ["USD", "EUR", "JPY", "GBP"] as const
export const statuses = ["paid", "shipped", "pending", "refunded", "cancelled"] as const

const firstNames = [
  "Ana",
  "Bo",
  "Chen",
  "Dana",
  "Eli",
  "Fay",
  "Gus",
  "Hana",
  "Ivan",
  "Jo",
  "Kim",
  "Lea",
  "Mo",
  "Nia",
  "Omar",
  "Pia",
] as const
const lastNames = [
  "Smith",
  "García",
  "Müller",
  "Li",
  "O'Neil",
  "Kowalski",
  "Sato",
  "Haddad",
  "Okoye",
  "Silva",
  "Nguyen",
  "Ødegård",
] as const
const remarks = ["leave at the door", "gift, please wrap", 'customer said "no rush"', "call first", "second floor, left"] as const

const firstDay = Date.UTC(2024, 0, 1)
const days = 730
const msPerDay = 86_400_000

/** The order at a position, counted from 0. Orders fall between 2024-01-01 and 2025-12-30; yen have no cents; one in ten has a note. */
export function order(index: number, seed: number): OrderCells {
  const random = new Random(seed, index)
  const first = random.pick(firstNames)
  const currency = random.pick(currencies)
  return {
    order_id: String(index + 1),
    customer_name: `${first} ${random.pick(lastNames)}`,
    email: `${first.toLowerCase()}.${index}@example.com`,
    country: random.pick(countries),
    order_date: new Date(firstDay + random.below(days) * msPerDay).toISOString().slice(0, 10),
    amount: currency === "JPY" ? String(100 + random.below(500_000)) : (random.below(500_000) / 100).toFixed(2),
    currency,
    quantity: String(1 + random.below(20)),
    status: random.pick(statuses),
    notes: random.below(10) === 0 ? `${random.pick(remarks)} (${index})` : "",
  }
}
