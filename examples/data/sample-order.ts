import { Random } from "./random.ts"

/** An order of the samples before it is damaged. */
export interface SampleOrder {
  readonly orderNo: number
  readonly customer: string
  readonly email: string
  readonly country: "DE" | "FR" | "JP" | "US" | "NA"
  /** Five digits in Germany, France and the USA, seven in Japan, none in Namibia; zeros in front count. */
  readonly postcode: string | null
  readonly ordered: Date
  readonly quantity: number
  /** In hundredths, so that no cent is lost; yen have none. */
  readonly unitPrice: number
  readonly currency: "EUR" | "USD" | "JPY" | "NAD"
  readonly status: "paid" | "shipped" | "pending" | "refunded"
  readonly gift: boolean
  /** Twenty digits: more than a number can hold. */
  readonly tracking: string
  readonly notes: string | null
}

const customers = [
  "Anke Möller",
  "Bernard Dubois",
  "Chiyo Tanaka",
  "Dora O'Neil",
  "Emeka Shikongo",
  "Françoise Léger",
  "Gül Çelik",
] as const
const remarks = [null, null, null, "leave at the door", 'said "no rush"', "second floor; left", "first line\nsecond line"] as const
const places = ["DE", "DE", "FR", "JP", "US", "NA"] as const
const currencyOf = { DE: "EUR", FR: "EUR", JP: "JPY", US: "USD", NA: "NAD" } as const
const states = ["paid", "shipped", "pending", "refunded"] as const

/** The order at a position, counted from 0. All orders are from 2025. */
export function sampleOrder(index: number, seed: number): SampleOrder {
  const random = new Random(seed, index)
  const customer = random.pick(customers)
  const country = random.pick(places)
  const quantity = 1 + random.below(12)
  const digits = (length: number) => Array.from({ length }, () => random.below(10)).join("")
  return {
    orderNo: 1001 + index,
    customer,
    email: `${customer.split(" ")[0]?.normalize("NFD").replace(/[^\w]/g, "").toLowerCase()}${index}@example.com`,
    country,
    postcode: country === "NA" ? null : country === "JP" ? digits(7) : `0${digits(4)}`,
    ordered: new Date(Date.UTC(2025, 0, 1 + random.below(360))),
    quantity,
    unitPrice: country === "JP" ? 100 * (1 + random.below(90_000)) : 100 + random.below(250_000),
    currency: currencyOf[country],
    status: random.pick(states),
    gift: random.below(4) === 0,
    tracking: `00${digits(18)}`,
    notes: random.pick(remarks),
  }
}
