import { existsSync, readdirSync, readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { basename, dirname, join } from "node:path"
import { env } from "node:process"
import { describe, expect, test } from "vitest"
import { csv } from "../../src/parsers/csv/csv.ts"
import { chunkedFile } from "../parsers/chunked-file.ts"
import { readTable, type TableRead } from "../parsers/read-table.ts"

/** `ROWGATE_CORPUS_DIR` names another corpus with the same layout: `csv-spectrum/csvs` and `csv-spectrum/json`, and `real`. */
const corpus = env.ROWGATE_CORPUS_DIR ?? join(import.meta.dirname, "../../../shared/corpus")
const packaged = dirname(createRequire(import.meta.url).resolve("csv-spectrum/package.json"))
const spectra = [packaged, join(corpus, "csv-spectrum")].filter((folder) => existsSync(join(folder, "csvs")))
const real = join(corpus, "real")
if (!existsSync(real)) console.info("there is no corpus of csv files: these tests are skipped")

const rowsOf = ({ header, rows }: TableRead) => rows.map((row) => Object.fromEntries(header.map((name, at) => [name, row[at]])))

/**
 * The rows that the corpus expects, with two errors of the corpus corrected: for one file it has an object with another phone number than the
 * file, and in some copies the line ends of the file were changed, but not those in the expected rows.
 */
function truthOf(folder: string, name: string, bytes: Buffer): unknown {
  const text = readFileSync(join(folder, "json", `${basename(name, ".csv")}.json`), "utf8")
  const truth = JSON.parse(bytes.includes("\r\n") ? text : text.replaceAll("\\r\\n", "\\n"))
  return name === "location_coordinates.csv" ? [{ ...truth, "Contact Phone Number": "2095257564" }] : truth
}

describe.each(spectra)("csv-spectrum in %s", (folder) => {
  const files = readdirSync(join(folder, "csvs")).filter((name) => name.endsWith(".csv"))

  test("has its well-known files", () => {
    expect(files.length).toBeGreaterThanOrEqual(12)
  })

  test.each(files)("%s gives the expected rows without options, in chunks of any size", async (name) => {
    const bytes = readFileSync(join(folder, "csvs", name))
    const expected = truthOf(folder, name, bytes)
    for (const chunkBytes of [1, 3, 4096]) {
      const read = await readTable(csv(), chunkedFile(bytes, chunkBytes))
      expect(rowsOf(read)).toEqual(expected)
      expect(read.issues).toEqual([])
    }
  })
})

describe.runIf(existsSync(real))("real files", () => {
  const read = (name: string) => readTable(csv(), chunkedFile(readFileSync(join(real, name))))

  test("country codes keep NA of Namibia, leading zeros and all scripts", async () => {
    const table = await read("country-codes.csv")
    expect([table.header.length, table.rows.length, table.issues]).toEqual([56, 249, []])
    const namibia = rowsOf(table).find((row) => row["ISO3166-1-Alpha-3"] === "NAM")
    expect(namibia).toMatchObject({ "ISO3166-1-Alpha-2": "NA" })
  })

  test("telco churn has eleven blank charges", async () => {
    const table = await read("telco-customer-churn-by-IBM.csv")
    expect([table.header.length, table.rows.length, table.issues]).toEqual([21, 7043, []])
    expect(rowsOf(table).filter((row) => String(row["TotalCharges"]).trim() === "")).toHaveLength(11)
  })

  test("animal calls keep all their sparse columns", async () => {
    const table = await read("311_Animals_short.csv")
    expect([table.header.length, table.rows.length, table.issues]).toEqual([31, 4969, []])
  })
})
