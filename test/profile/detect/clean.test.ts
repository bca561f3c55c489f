import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { detect } from "../../../src/pipeline/tables/detect.ts"
import { readTables } from "../../../src/pipeline/tables/read-tables.ts"
import { vegaColumns, vegaData } from "../labelled-columns.ts"
import { clinics, departures, drinks, people, sales } from "./clean-tables.ts"
import { suspectsOf } from "./measure.ts"

/** Tables of vega-datasets in whole files, some of the largest left out. */
const files = [...new Set(vegaColumns.map(({ dataset }) => dataset))].filter(
  (name) => !name.includes("#") && !/flights-(200k|20k|10k|3m)|zipcodes/.test(name),
)

/** Typos that the public tables have: finding them is no false alarm. */
const typos: { readonly [file: string]: readonly string[] } = {
  "airports.csv": ["Perry-Houston Couty"],
  "budget.json": ["Other Federal Fund exise taxes"],
  "cars.json": ["toyouta corona mark ii (sw)", "chevroelt chevelle malibu", "vokswagen rabbit"],
}

describe("false alarms on clean tables are at most 0.5 % of the cells", () => {
  let [all, suspect] = [0, 0]

  test.each(files)("%s", async (name) => {
    const path = join(vegaData, name)
    let cells = 0
    for await (const table of readTables(path)) for await (const batch of table.batches()) cells += batch.length * batch.names.length
    const texts: (string | null)[] = []
    for await (const { value } of detect(path)) texts.push(value)
    const known = typos[name] ?? []
    expect(texts).toEqual(expect.arrayContaining([...known]))
    const found = texts.length - known.length
    all += cells
    suspect += found
    expect(cells).toBeGreaterThan(0)
    expect(found).toBeLessThanOrEqual(Math.max(1, 0.005 * cells))
  })

  test("and 0.2 % in all files together", () => {
    expect(all).toBeGreaterThan(400_000)
    expect(suspect / all).toBeLessThanOrEqual(0.002)
  })

  test.each([11, 12, 13])("generated tables of seed %i", async (seed) => {
    for (const table of [clinics(seed), departures(seed), people(seed), drinks(seed), sales(seed)]) {
      const found = await suspectsOf(table)
      expect(found.size, table.name).toBeLessThanOrEqual(0.005 * table.rows.length * table.columns.length)
    }
  })
})
