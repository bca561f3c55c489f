import { expect, test } from "vitest"
import { chanceFindings, driftOf, random, type Table } from "./history.ts"
import { history, orders } from "./shop.ts"

test("deliveries of one distribution show no drift", () => {
  let found = 0
  for (let seed = 1; seed <= 200; seed++) {
    const next = random(seed)
    const rows = [40, 200, 1500][seed % 3] ?? 40
    found += driftOf(orders(next, rows), history(next, rows)).length
  }
  expect(found).toBe(0)
})

test("random halves of one table differ by chance at most as often as the rate says", () => {
  const runs = 1000
  let withFindings = 0
  for (let seed = 1; seed <= runs; seed++) {
    const next = random(1000 + seed)
    const table = orders(next, 600)
    const isFirst = Array.from({ length: 600 }, () => next() < 0.5)
    const half = (first: boolean): Table =>
      Object.fromEntries(Object.entries(table).map(([name, cells]) => [name, cells.filter((_, row) => isFirst[row] === first)]))
    withFindings += chanceFindings(half(true), half(false))
  }
  // Without any drift, each run with a discovery is a false one.
  console.log(`${withFindings} of ${runs} pairs of random halves differ`)
  expect(withFindings / runs).toBeLessThanOrEqual(0.05)
})
