import { readdir, readFile } from "node:fs/promises"
import { createRequire } from "node:module"
import { dirname, join } from "node:path"
import { expect, test } from "vitest"
import { readTables } from "../../../src/index.ts"

const folder = dirname(createRequire(import.meta.url).resolve("csv-spectrum"))
const names = (await readdir(join(folder, "csvs"))).map((name) => name.replace(/\.csv$/, ""))

test.each(names)("%s of csv-spectrum is read without declaring its dialect", async (name) => {
  const rows: unknown[] = []
  for await (const table of readTables(join(folder, "csvs", `${name}.csv`))) for await (const row of table.rows()) rows.push(row)
  // The expected rows of location_coordinates are not in an array, and have another phone number than the csv file.
  const truth = (await readFile(join(folder, "json", `${name}.json`), "utf8")).replace("1234567890", "2095257564")
  expect(rows).toEqual([JSON.parse(truth)].flat())
})

test("csv-spectrum is not empty", () => expect(names.length).toBeGreaterThan(10))
