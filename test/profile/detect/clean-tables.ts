import { join } from "node:path"
import { Random } from "../../../examples/data/random.ts"
import { readTables } from "../../../src/pipeline/tables/read-tables.ts"
import { vegaData } from "../labelled-columns.ts"

/** What the values of a column are, which decides what damage can happen to them. */
export interface CleanColumn {
  readonly name: string
  readonly kind: "words" | "code" | "number" | "date" | "time" | "prose"
  /** The column that determines it. */
  readonly by?: string
}

/** A table whose cells are right, as texts. */
export interface CleanTable {
  readonly name: string
  readonly columns: readonly CleanColumn[]
  readonly rows: readonly (readonly string[])[]
}

const syllables = [
  "bar",
  "den",
  "lo",
  "mi",
  "ter",
  "wick",
  "ford",
  "ham",
  "sel",
  "ro",
  "gan",
  "vil",
  "nor",
  "ches",
  "ash",
  "per",
  "kin",
  "to",
  "lam",
  "bu",
] as const
const states = ["al", "ak", "az", "ca", "co", "fl", "ga", "il", "ny", "oh", "tx", "wa"] as const

/** A made-up name, the same for the same number. */
function nameOf(random: Random, parts: number): string {
  return Array.from({ length: parts }, () => random.pick(syllables)).join("")
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function times<V>(count: number, make: (at: number) => V): V[] {
  return Array.from({ length: count }, (_, at) => make(at))
}

function digits(random: Random, count: number): string {
  return String(1 + random.below(9)) + times(count - 1, () => random.below(10)).join("")
}

function day(random: Random, from: number, days: number): string {
  return new Date(Date.UTC(from, 0, 1) + random.below(days) * 86_400_000).toISOString().slice(0, 10)
}

/** Clinics that report the same measures each, in small letters: nearly every column is determined by another. */
export function clinics(seed = 1, count = 45): CleanTable {
  const random = new Random(seed)
  const clinic = times(count, () => {
    const [city, state] = [`${nameOf(random, 3)}`, random.pick(states)]
    const street = `${digits(random, 4)} ${nameOf(random, 2)} street`
    return [
      digits(random, 5),
      `${nameOf(random, 2)} ${nameOf(random, 2)} clinic`,
      street,
      city,
      state,
      digits(random, 5),
      digits(random, 10),
    ]
  })
  const conditions = ["heart failure", "pneumonia", "surgical infection", "heart attack"] as const
  const measures = times(16, (at) => {
    const condition = random.pick(conditions)
    const words = times(7, () => nameOf(random, 2)).join(" ")
    return [condition, `${condition.slice(0, 2)}-${at + 1}`, `patients given ${words} on arrival`]
  })
  const rows = clinic.flatMap((own) =>
    measures.map((measure) => [...own, ...measure, `${40 + random.below(60)}%`, `${random.below(400)} patients`]),
  )
  return {
    name: "clinics",
    columns: [
      { name: "provider", kind: "code" },
      { name: "clinic", kind: "words", by: "provider" },
      { name: "address", kind: "prose", by: "provider" },
      { name: "city", kind: "words", by: "provider" },
      { name: "state", kind: "words", by: "provider" },
      { name: "zip", kind: "code", by: "provider" },
      { name: "phone", kind: "code", by: "provider" },
      { name: "condition", kind: "words", by: "code" },
      { name: "code", kind: "code" },
      { name: "measure", kind: "prose", by: "code" },
      { name: "score", kind: "number" },
      { name: "sample", kind: "number" },
    ],
    rows,
  }
}

/** Departures as several sites show them. */
export function departures(seed = 2): CleanTable {
  const random = new Random(seed)
  const sites = times(14, () => nameOf(random, 2))
  const clock = () => `${1 + random.below(12)}:${String(random.below(60)).padStart(2, "0")} ${random.pick(["a.m.", "p.m."])}`
  const carriers = ["AA", "UA", "CO", "DL"] as const
  const flights = times(70, () => [`${random.pick(carriers)}-${digits(random, 4)}`, clock(), clock(), clock(), clock()])
  const rows = sites.flatMap((site) => flights.map((flight) => [site, ...flight]))
  return {
    name: "departures",
    columns: [
      { name: "site", kind: "words" },
      { name: "flight", kind: "code" },
      { name: "planned_departure", kind: "time", by: "flight" },
      { name: "departure", kind: "time", by: "flight" },
      { name: "planned_arrival", kind: "time", by: "flight" },
      { name: "arrival", kind: "time", by: "flight" },
    ],
    rows,
  }
}

/** People with addresses: a postal code determines the town, and a salary is a skewed number. */
export function people(seed = 3, count = 1200): CleanTable {
  const random = new Random(seed)
  const towns = times(60, () => [digits(random, 5), capital(nameOf(random, 3)), random.pick(states).toUpperCase()] as const)
  const first = times(80, () => capital(nameOf(random, 2))) as [string, ...string[]]
  const last = times(150, () => capital(nameOf(random, 3))) as [string, ...string[]]
  const rows = times(count, () => {
    const [zip, town, state] = towns[random.below(towns.length)] as (typeof towns)[number]
    const salary = Math.round(Math.exp(10.4 + 0.5 * (random.next() + random.next() + random.next() - 1.5)))
    const person = [random.pick(first), random.pick(last), random.pick(["M", "F"]), `${digits(random, 3)}-${digits(random, 7)}`]
    return [...person, town, state, zip, random.pick(["single", "married"]), String(salary), day(random, 1950, 18_000)]
  })
  return {
    name: "people",
    columns: [
      { name: "first_name", kind: "words" },
      { name: "last_name", kind: "words" },
      { name: "gender", kind: "words" },
      { name: "phone", kind: "code" },
      { name: "town", kind: "words", by: "zip" },
      { name: "state", kind: "words", by: "zip" },
      { name: "zip", kind: "code" },
      { name: "status", kind: "words" },
      { name: "salary", kind: "number" },
      { name: "born", kind: "date" },
    ],
    rows,
  }
}

/** Products with sizes, prices and their makers. */
export function drinks(seed = 4): CleanTable {
  const random = new Random(seed)
  const makers = times(90, (at) => [
    String(at + 1),
    `${capital(nameOf(random, 2))} Brewing`,
    capital(nameOf(random, 3)),
    random.pick(states).toUpperCase(),
  ])
  const styles = times(25, () => `${capital(nameOf(random, 2))} ${random.pick(["Ale", "Lager", "Stout"])}`) as [string, ...string[]]
  const rows = times(900, (at) => {
    const maker = makers[random.below(makers.length)] as string[]
    const strength = (0.035 + 0.05 * random.next()).toFixed(3)
    const size = random.pick(["12.0 oz", "12.0 oz", "12.0 oz", "16.0 oz", "24.0 oz", "8.4 oz"])
    const name = `${capital(nameOf(random, 2))} ${capital(nameOf(random, 2))}`
    return [String(at + 1), name, random.pick(styles), size, strength, String(10 + random.below(90)), ...maker]
  })
  return {
    name: "drinks",
    columns: [
      { name: "id", kind: "code" },
      { name: "name", kind: "words" },
      { name: "style", kind: "words" },
      { name: "size", kind: "number" },
      { name: "strength", kind: "number" },
      { name: "bitterness", kind: "number" },
      { name: "maker_id", kind: "code" },
      { name: "maker", kind: "words", by: "maker_id" },
      { name: "city", kind: "words", by: "maker_id" },
      { name: "state", kind: "words", by: "maker_id" },
    ],
    rows,
  }
}

/** Orders by day: a sorted date, a repeating customer, and amounts. */
export function sales(seed = 5, count = 1200): CleanTable {
  const random = new Random(seed)
  const customers = times(120, (at) => {
    const name = `${capital(nameOf(random, 2))} ${capital(nameOf(random, 2))}`
    return [`C-${1000 + at}`, name, `${name.toLowerCase().replace(" ", ".")}@example.com`, random.pick(["DE", "FR", "IT", "NL", "SE"])]
  })
  const products = times(30, (at) => [`P-${100 + at}`, (2 + 90 * random.next()).toFixed(2)])
  const rows = times(count, (at) => {
    const customer = customers[random.below(customers.length)] as string[]
    const product = products[random.below(products.length)] as string[]
    const date = new Date(Date.UTC(2024, 0, 1) + Math.floor(at / 10) * 86_400_000).toISOString().slice(0, 10)
    return [String(10_000 + at), date, ...customer, ...product, String(1 + random.below(9)), random.pick(["paid", "open", "shipped"])]
  })
  return {
    name: "sales",
    columns: [
      { name: "order", kind: "code" },
      { name: "ordered_on", kind: "date" },
      { name: "customer_id", kind: "code" },
      { name: "customer", kind: "words", by: "customer_id" },
      { name: "email", kind: "prose", by: "customer_id" },
      { name: "country", kind: "words", by: "customer_id" },
      { name: "product", kind: "code" },
      { name: "price", kind: "number", by: "product" },
      { name: "pieces", kind: "number" },
      { name: "status", kind: "words" },
    ],
    rows,
  }
}

/** A table of vega-datasets with what its columns are. Columns that are not named are left out. */
async function vega(file: string, columns: readonly CleanColumn[], most = 1000): Promise<CleanTable> {
  const rows: string[][] = []
  for await (const table of readTables(join(vegaData, file)))
    for await (const row of table.rows()) if (rows.length < most) rows.push(columns.map(({ name }) => textOf(row[name])))
  return { name: file, columns, rows }
}

function textOf(value: unknown): string {
  if (value instanceof Date) return value.toISOString().slice(0, 10)
  return value === null || value === undefined ? "" : String(value)
}

/** Tables of vega-datasets that hold what people keep in tables. */
function vegaTables(): Promise<readonly CleanTable[]> {
  return Promise.all([
    vega("airports.csv", [
      { name: "iata", kind: "code" },
      { name: "name", kind: "prose" },
      { name: "city", kind: "words" },
      { name: "state", kind: "words" },
      { name: "latitude", kind: "number" },
      { name: "longitude", kind: "number" },
    ]),
    vega("cars.json", [
      { name: "Name", kind: "words" },
      { name: "Cylinders", kind: "number" },
      { name: "Displacement", kind: "number" },
      { name: "Horsepower", kind: "number" },
      { name: "Weight_in_lbs", kind: "number" },
      { name: "Year", kind: "date" },
      { name: "Origin", kind: "words" },
    ]),
    vega("seattle-weather.csv", [
      { name: "date", kind: "date" },
      { name: "precipitation", kind: "number" },
      { name: "temp_max", kind: "number" },
      { name: "temp_min", kind: "number" },
      { name: "wind", kind: "number" },
      { name: "weather", kind: "words" },
    ]),
  ])
}

/** All tables into which damage is injected. */
export async function cleanTables(): Promise<readonly CleanTable[]> {
  return [clinics(), departures(), people(), drinks(), sales(), ...(await vegaTables())]
}
