import { readdirSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { parquetReadObjects } from "hyparquet"
import { compressors } from "hyparquet-compressors"
import { expect, test } from "vitest"
import type { Row } from "../../src/model/cell-value.ts"
import { json } from "../../src/parsers/json/json.ts"
import { readTables } from "../../src/pipeline/tables/read-tables.ts"

// The package exports only its code. Its data is next to the code.
const data = join(dirname(fileURLToPath(import.meta.resolve("vega-datasets"))), "../data")
const documents = readdirSync(data).filter((name) => name.endsWith(".json"))

async function rowsOf(name: string, path?: string): Promise<Row[]> {
  const rows: Row[] = []
  const options = path === undefined ? {} : { parser: json({ path }) }
  for await (const table of readTables(join(data, name), options)) for await (const row of table.rows()) rows.push(row)
  return rows
}

const parsed = (name: string): unknown => JSON.parse(readFileSync(join(data, name), "utf8"))
const isTable = (value: unknown): value is object[] =>
  Array.isArray(value) && value.length > 0 && value.every((row) => typeof row === "object" && row !== null && !Array.isArray(row))

/** The object with its nested objects by dotted path, as columns are named. */
function flat(value: object, prefix = ""): [string, unknown][] {
  return Object.entries(value).flatMap(([key, each]): [string, unknown][] =>
    typeof each === "object" && each !== null && !Array.isArray(each) ? flat(each, `${prefix}${key}.`) : [[prefix + key, each]],
  )
}

/** Rows as JSON.parse returns them, with a null for every column that a row lacks. */
function expected(rows: readonly object[]): object[] {
  const flattened = rows.map((row) => new Map(flat(row)))
  const keys = [...new Set(flattened.flatMap((row) => [...row.keys()]))]
  const nested = new Set(keys.flatMap((key) => key.split(".").map((_, at, parts) => parts.slice(0, at).join("."))))
  // A key that is null in some rows and an object in others is not a column.
  const columns = keys.filter((key) => !nested.has(key))
  return flattened.map((row) => Object.fromEntries(columns.map((key) => [key, row.get(key) ?? null])))
}

test.each(documents.filter((name) => isTable(parsed(name))))("%s has the rows that JSON.parse finds in it", async (name) => {
  const document = parsed(name)
  const rows = await rowsOf(name)
  if (!isTable(document)) throw new Error(`${name} is no table`)
  const wanted = expected(document)
  expect(rows).toHaveLength(wanted.length)
  // Compared as text, because there are up to 200,000 rows.
  const differing = rows.findIndex((row, at) => JSON.stringify(sorted(row)) !== JSON.stringify(sorted(wanted[at] ?? {})))
  expect([differing, rows[differing]]).toEqual([-1, undefined])
})

/** A batch's columns are in the order in which the file first names them. */
function sorted(row: object): object {
  return Object.fromEntries(Object.entries(row).sort(([one], [other]) => (one < other ? -1 : 1)))
}

test("a document around its only table is read like the path to it, and one around several needs a path", async () => {
  const { features } = parsed("earthquakes.json") as { features: { properties: { mag: number | null } }[] }
  const rows = await rowsOf("earthquakes.json", "/features")
  expect(rows).toHaveLength(features.length)
  expect(rows.map((row) => row["properties.mag"])).toEqual(features.map(({ properties }) => properties.mag))
  expect(await rowsOf("earthquakes.json")).toEqual(rows)
  await expect(rowsOf("miserables.json")).rejects.toMatchObject({
    code: "TABLE_NOT_FOUND",
    message: expect.stringContaining('"/links"'),
  })
  expect(await rowsOf("miserables.json", "/links")).toHaveLength(254)
})

test.each([
  ["cars.json", 406, { Miles_per_Gallon: 8, Horsepower: 6, Cylinders: 0 }],
  ["movies.json", 3201, { Title: 1, "IMDB Rating": 213, "US Gross": 7 }],
  ["barley.json", 120, { yield: 0 }],
  ["penguins.json", 344, { Sex: 10 }],
])("%s has %i rows and as many nulls as it should", async (name, length, nulls) => {
  const rows = await rowsOf(name)
  expect(rows).toHaveLength(length)
  const count = (column: string) => rows.filter((row) => row[column] === null).length
  expect(Object.fromEntries(Object.keys(nulls).map((column) => [column, count(column)]))).toEqual(nulls)
})

test.each([
  ["seattle-weather.csv", 1461, ["date", "precipitation", "temp_max", "temp_min", "wind", "weather"]],
  ["airports.csv", 3376, ["iata", "name", "city", "state", "country", "latitude", "longitude"]],
  ["flights-airport.csv", 5366, ["origin", "destination", "count"]],
  ["unemployment.tsv", 3218, ["id", "rate"]],
])("%s has %i rows under its header", async (name, length, header) => {
  for await (const table of readTables(join(data, name))) {
    expect(table.header).toEqual(header)
    let rows = 0
    for await (const batch of table.batches()) rows += batch.selection.size
    expect(rows).toBe(length)
  }
})

test("three million flights in parquet are read as hyparquet reads them", async () => {
  let rows = 0
  let delays = 0
  let first: Row[] = []
  for await (const table of readTables(join(data, "flights-3m.parquet")))
    for await (const batch of table.batches()) {
      if (rows === 0) first = [...batch.rows].slice(0, 500)
      rows += batch.length
      const delay = batch.columns["delay"]
      for (let row = 0; row < batch.length; row++) delays += Number(delay?.at(row))
    }
  expect(rows).toBe(3_000_000)
  const file = readFileSync(join(data, "flights-3m.parquet"))
  const buffer = file.buffer.slice(file.byteOffset, file.byteOffset + file.length)
  const found = await parquetReadObjects({ file: buffer, compressors, rowEnd: 500 })
  expect(first).toEqual(found.map((row) => ({ ...row, delay: Number(row["delay"]), distance: Number(row["distance"]) })))
  const all = await parquetReadObjects({ file: buffer, compressors, columns: ["delay"] })
  expect(delays).toBe(all.reduce((sum, { delay }) => sum + Number(delay), 0))
})

test("a file that is not a table is refused, and the error names its format", async () => {
  await expect(rowsOf("flights-200k.arrow")).rejects.toMatchObject({
    code: "FORMAT_UNSUPPORTED",
    message: expect.stringContaining("an Arrow file"),
  })
  await expect(rowsOf("ffox.png")).rejects.toMatchObject({ code: "FORMAT_UNSUPPORTED", message: expect.stringContaining("a PNG picture") })
})
