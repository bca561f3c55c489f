import { expect, test } from "vitest"
import { discoveries } from "../../../src/profile/drift/probabilities.ts"
import { driftOf, normal, random, type Table } from "./history.ts"
import { countries, history, orders } from "./shop.ts"

test.each<[string, { [column: string]: (next: () => number, row: number) => unknown }, readonly string[]]>([
  ["numbers that are multiplied by ten", { amount: (next) => 10 * Math.exp(3 + normal(next)) }, ["distribution amount"]],
  ["numbers that are shifted by one deviation", { temperature: (next) => 21 + normal(next) }, ["distribution temperature"]],
  ["a column that is always the same number", { quantity: () => 3 }, ["distribution quantity"]],
  ["cells that are emptied", { amount: (next) => (next() < 0.1 ? null : Math.exp(3 + normal(next))) }, ["nulls amount"]],
  ["a column that is filled at last", { remark: (next) => `text ${Math.floor(next() * 1e9)}` }, ["nulls remark"]],
  ["a new category", { country: (next) => (next() < 0.03 ? "XX" : countries[Math.floor(next() ** 2 * 5)]) }, ["newValues country"]],
  [
    "a category that vanishes",
    { country: (next) => countries[Math.floor(next() ** 2 * 4)] },
    ["distribution country", "vanishedValues country"],
  ],
  ["other shares of the same categories", { country: (next) => countries[4 - Math.floor(next() ** 2 * 5)] }, ["distribution country"]],
  ["texts of another form", { remark: (next) => (next() < 0.3 ? null : `T-${Math.floor(next() * 1e9)}`) }, ["newPatterns remark"]],
  ["a flag that is turned round", { paid: (next) => next() < 0.2 }, ["distribution paid"]],
])("drift is found: %s", (_name, changed, expected) => {
  for (let seed = 1; seed <= 5; seed++) {
    const next = random(seed)
    const before = history(next)
    const made = Object.fromEntries(Object.entries(changed).map(([name, make]) => [name, (row: number) => make(next, row)]))
    expect(driftOf(orders(next, 800, made), before).map(({ kind, column }) => `${kind} ${column}`)).toEqual(expected)
  }
})

test("a new value is named, and a vanished one is counted", () => {
  const next = random(7)
  const before = history(next)
  const [found] = driftOf(orders(next, 800, { country: () => (next() < 0.05 ? "XX" : "DE") }), before).filter(
    ({ kind }) => kind === "newValues",
  )
  expect(found?.examples).toEqual(["XX"])
  const [gone] = driftOf(orders(next, 800, { country: () => "DE" }), before).filter(({ kind }) => kind === "vanishedValues")
  expect(gone).toMatchObject({ count: 4 })
  expect(gone).not.toHaveProperty("examples")
})

test("a delivery of a third of the rows is found, and weekends that recur are not", () => {
  const next = random(3)
  expect(driftOf(orders(next, 250), history(next)).map(({ kind }) => kind)).toEqual(["rows"])
  const weeks = [800, 810, 790, 250, 260, 805, 795, 815].map((rows) => orders(next, rows))
  expect(driftOf(orders(next, 255), weeks)).toEqual([])
})

test("numbers and dates that grow with every delivery are no drift", () => {
  const next = random(5)
  const day = (delivery: number): Table => ({
    id: Array.from({ length: 500 }, (_, row) => 100_000 + delivery * 500 + row),
    at: Array.from({ length: 500 }, () => new Date(Date.UTC(2025, 0, 1 + delivery) + Math.floor(next() * 86_400_000))),
    month: Array.from({ length: 500 }, () => new Date(Date.UTC(2025, 0, 1 + delivery + Math.floor(next() * 30)))),
  })
  for (let first = 0; first < 20; first++)
    expect(
      driftOf(
        day(first + 10),
        Array.from({ length: 10 }, (_, at) => day(first + at)),
      ),
    ).toEqual([])
})

test("Benjamini and Hochberg's own example has four discoveries", () => {
  const probabilities = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528, 0.759, 1]
  expect(discoveries(probabilities, 0.05).filter(Boolean)).toHaveLength(4)
})
