import { fileURLToPath } from "node:url"
import { createPipeline, file } from "rowgate"
import { expect, test } from "vitest"

/** Rows, columns and blank or missing cells, counted by Python's csv and json modules. */
const figures: readonly (readonly [string, number, number, number])[] = [
  ["airports.csv", 3376, 7, 0],
  ["anscombe.json", 44, 3, 0],
  ["barley.json", 120, 4, 0],
  ["birdstrikes.csv", 10000, 14, 2836],
  ["budget.json", 237, 72, 0],
  ["budgets.json", 230, 3, 0],
  ["burtin.json", 16, 6, 0],
  ["cars.json", 406, 9, 14],
  ["co2-concentration.csv", 741, 3, 0],
  ["countries.json", 620, 9, 867],
  ["crimea.json", 24, 5, 0],
  ["disasters.csv", 803, 3, 0],
  ["driving.json", 55, 4, 0],
  ["flare-dependencies.json", 764, 2, 0],
  ["flare.json", 252, 4, 33],
  ["flights-10k.json", 10000, 5, 0],
  ["flights-200k.json", 200000, 3, 0],
  ["flights-20k.json", 20000, 5, 0],
  ["flights-2k.json", 2000, 5, 0],
  ["flights-5k.json", 5000, 5, 0],
  ["flights-airport.csv", 5366, 3, 0],
  ["football.json", 6508, 6, 8],
  ["gapminder-health-income.csv", 187, 5, 0],
  ["gapminder.json", 682, 6, 0],
  ["github.csv", 955, 2, 0],
  ["global-temp.csv", 144, 2, 0],
  ["income.json", 520, 6, 0],
  ["iowa-electricity.csv", 51, 3, 0],
  ["jobs.json", 7650, 5, 0],
  ["la-riots.csv", 63, 11, 1],
  ["londonCentroids.json", 33, 3, 0],
  ["lookup_groups.csv", 9, 2, 0],
  ["lookup_people.csv", 9, 3, 0],
  ["monarchs.json", 12, 5, 11],
  ["movies.json", 3201, 16, 9205],
  ["normal-2d.json", 500, 2, 0],
  ["obesity.json", 50, 3, 0],
  ["ohlc.json", 44, 7, 0],
  ["penguins.json", 344, 7, 18],
  ["platformer-terrain.json", 7514, 8, 0],
  ["political-contributions.json", 58, 25, 1],
  ["population.json", 570, 4, 0],
  ["population_engineers_hurricanes.csv", 52, 5, 0],
  ["seattle-weather-hourly-normals.csv", 8759, 4, 0],
  ["seattle-weather.csv", 1461, 6, 0],
  ["sp500-2000.csv", 5105, 7, 0],
  ["sp500.csv", 123, 2, 0],
  ["species.csv", 12360, 6, 0],
  ["stocks.csv", 560, 3, 0],
  ["udistrict.json", 182, 2, 0],
  ["unemployment-across-industries.json", 1708, 6, 0],
  ["unemployment.tsv", 3218, 2, 0],
  ["uniform-2d.json", 500, 2, 0],
  ["us-employment.csv", 120, 24, 0],
  ["us-state-capitals.json", 50, 4, 0],
  ["weather.csv", 2922, 7, 0],
  ["wheat.json", 52, 3, 2],
  ["windvectors.csv", 4800, 5, 0],
  ["zipcodes.csv", 42049, 6, 0],
]

test.each(figures)("%s has %i rows and %i columns, and %i of its cells are blank", async (name, rows, columns, blanks) => {
  const path = fileURLToPath(new URL(`../../node_modules/vega-datasets/data/${name}`, import.meta.url))
  const counted = { rows: 0, passing: 0, blanks: 0 }
  const names = new Set<string>()
  for await (const batch of createPipeline({ name: "figures" }).from(file(path)).batches()) {
    counted.rows += batch.length
    counted.passing += batch.selection.size
    for (const column of batch.names) {
      names.add(column)
      counted.blanks += batch.columns[column]?.nulls.count ?? Number.NaN
    }
  }
  expect({ ...counted, columns: names.size }).toEqual({ rows, passing: rows, blanks, columns })
})
