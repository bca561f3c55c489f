import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { csvSettings } from "../../src/parsers/csv/csv-options.ts"
import { defaultFiles, defaultHeldBytes } from "../../src/parsers/files/wrappers/wrapper-limits.ts"
import { zipBounds } from "../../src/parsers/files/zip/zip-limits.ts"
import { jsonBounds } from "../../src/parsers/json/json-limits.ts"
import { parquetBounds } from "../../src/parsers/parquet/parquet-limits.ts"
import { xlsxBounds } from "../../src/parsers/xlsx/xlsx-limits.ts"

const units: { readonly [unit: string]: number } = { MiB: 2 ** 20, GiB: 2 ** 30 }

/** The rows of the page's table of limits: format, option and default. */
function documented(): Map<string, Map<string, number>> {
  const limits = new Map<string, Map<string, number>>()
  let options = new Map<string, number>()
  const page = readFileSync(new URL("../../docs/reading.md", import.meta.url), "utf8")
  for (const line of page.slice(page.indexOf("| `limits` of |")).split("\n").slice(2)) {
    const [, parsers = "", option = "", , value = ""] = line.split("|").map((cell) => cell.trim())
    if (option === "") break
    if (parsers !== "") {
      options = new Map()
      limits.set(parsers, options)
    }
    const [number = "", unit = ""] = value.split(" ")
    options.set(option.replaceAll("`", ""), Number(number.replaceAll(",", "")) * (units[unit] ?? 1))
  }
  return limits
}

test("the page about reading lists every limit with its default, and no other", () => {
  const zip = { ...zipBounds(), heldBytes: defaultHeldBytes, files: defaultFiles }
  const workbook = Object.fromEntries(Object.entries(xlsxBounds()).filter(([option]) => !(option in zip)))
  const page = Object.fromEntries([...documented()].map(([parsers, options]) => [parsers, Object.fromEntries(options)]))
  expect(page).toEqual({
    "`csv`, `tsv`, `psv`": csvSettings({}).limits,
    "`json`, `ndjson`": jsonBounds(),
    "`xlsx` and zip files": zip,
    "`xlsx`": workbook,
    "`parquet`": parquetBounds(),
  })
})
