import { join } from "node:path"
import { expect, test } from "vitest"
import { Random } from "../../../examples/data/random.ts"
import { type CleanTable, clinics, departures, drinks, people, sales } from "../detect/clean-tables.ts"
import { vegaColumns, vegaData } from "../labelled-columns.ts"
import { conditions, dependencies, rulesOf, rulesOfFile } from "./rules-of.ts"

/** Each column in an order of its own, so that columns have nothing to do with each other. */
function shuffled({ columns, rows }: CleanTable, seed: number): string[][] {
  const orders = columns.map((_, at) => {
    const random = new Random(seed, at)
    const order = [...rows.keys()]
    for (let last = order.length - 1; last > 0; last--) {
      const other = random.below(last + 1)
      ;[order[last], order[other]] = [order[other] as number, order[last] as number]
    }
    return order
  })
  return rows.map((_, row) => columns.map((_, at) => rows[orders[at]?.[row] ?? 0]?.[at] ?? ""))
}

test.each([11, 12, 13])("columns in random orders have none, seed %i", async (seed) => {
  for (const table of [clinics(seed), departures(seed), people(seed), drinks(seed), sales(seed)]) {
    const rules = await rulesOf(
      table.columns.map(({ name }) => name),
      shuffled(table, seed),
    )
    expect([...dependencies(rules, "proven"), ...dependencies(rules, "likely"), ...conditions(rules)], table.name).toEqual([])
  }
})

const files = [...new Set(vegaColumns.map(({ dataset }) => dataset))].filter(
  (name) => !name.includes("#") && !/flights-(200k|20k|3m)/.test(name),
)
const right: { readonly [file: string]: readonly string[] } = {
  "birdstrikes.csv": ["Airport Name > Origin State"],
  "budget.json": [
    "Source subcategory name > Source Category Code",
    "Source subcategory name > Source category name",
    "Agency code > Agency name",
  ],
  "cars.json": ["Name > Origin"],
  "football.json": ["home_team > division", "away_team > division"],
  "income.json": ["id > name", "id > region"],
}

test("only what is so in the world is proven", async () => {
  const found: { [file: string]: readonly string[] } = {}
  for (const file of files) {
    const rules = await rulesOfFile(join(vegaData, file))
    const proven = [
      ...dependencies(rules, "proven"),
      ...conditions(rules).flatMap(([column, , , thin]) => (thin === undefined ? [column] : [])),
    ]
    if (proven.length > 0) found[file] = proven
  }
  expect(found).toEqual(right)
}, 60_000)
