import { normal, type Table } from "./history.ts"

export const countries = ["DE", "FR", "IT", "ES", "NL"]

/** A delivery of a shop: each column from a distribution of its own. */
export function orders(next: () => number, rows: number, changed: { [column: string]: (row: number) => unknown } = {}): Table {
  const columns: { [column: string]: (row: number) => unknown } = {
    amount: () => Math.exp(3 + normal(next)),
    temperature: () => 20 + normal(next),
    quantity: () => 1 + Math.floor(-Math.log(1 - next()) * 2),
    country: () => countries[Math.floor(next() ** 2 * 5)],
    remark: () => (next() < 0.3 ? null : `text ${Math.floor(next() * 1e9)}`),
    paid: () => next() < 0.8,
    ...changed,
  }
  return Object.fromEntries(Object.entries(columns).map(([name, make]) => [name, Array.from({ length: rows }, (_, row) => make(row))]))
}

/** Eight deliveries of about so many rows. */
export const history = (next: () => number, rows = 800) =>
  Array.from({ length: 8 }, () => orders(next, Math.round(rows * (0.8 + 0.4 * next()))))
