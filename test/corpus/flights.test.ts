import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { env } from "node:process"
import { gzipSync } from "node:zlib"
import exceljs from "exceljs"
import { describe, expect, test } from "vitest"
import { z } from "zod"
import type { Source } from "../../src/contract/source.ts"
import { createPipeline } from "../../src/pipeline/build/create-pipeline.ts"
import { bytes } from "../../src/sources/bytes.ts"
import { file } from "../../src/sources/file.ts"

/** `ROWGATE_CORPUS_DIR` names another corpus with the same layout. */
const flights = join(env.ROWGATE_CORPUS_DIR ?? join(import.meta.dirname, "../../../shared/corpus"), "flights-spark")
const isHere = existsSync(flights)
if (!isHere) console.info("there is no corpus flights-spark: these tests are skipped")

const Flight = z.object({ DEST_COUNTRY_NAME: z.string(), ORIGIN_COUNTRY_NAME: z.string(), count: z.number().int().positive() })

/** The typed rows of a source. Only the schema is given; the format is detected. */
async function flightsIn(source: Source): Promise<z.infer<typeof Flight>[]> {
  const rows: z.infer<typeof Flight>[] = []
  for await (const row of createPipeline({ name: "flights" }).from(source).validate(Flight).rows()) rows.push(row)
  return rows
}

const csvPath = (year: number) => join(flights, `csv/${year}-summary.csv`)

function parquetPath(): string {
  const folder = join(flights, "parquet/2010-summary.parquet")
  return join(folder, readdirSync(folder).find((name) => name.endsWith(".parquet")) ?? "")
}

async function workbookOf(rows: readonly z.infer<typeof Flight>[]): Promise<Uint8Array> {
  const workbook = new exceljs.Workbook()
  const sheet = workbook.addWorksheet("Flights")
  sheet.addRow(Object.keys(Flight.shape))
  for (const row of rows) sheet.addRow(Object.values(row))
  return new Uint8Array(await workbook.xlsx.writeBuffer())
}

describe.runIf(isHere)("flights-spark", () => {
  test.each([2010, 2011, 2012, 2013, 2014, 2015])("%i gives the same typed rows from csv and ndjson", async (year) => {
    const csv = await flightsIn(file(csvPath(year)))
    expect(csv.length).toBe(readFileSync(csvPath(year), "utf8").trimEnd().split("\n").length - 1)
    expect(await flightsIn(file(join(flights, `json/${year}-summary.json`)))).toEqual(csv)
  })

  test("2010 gives the same typed rows from parquet, a workbook, JSON and gzip files", async () => {
    const csv = await flightsIn(file(csvPath(2010)))
    expect(await flightsIn(file(parquetPath()))).toEqual(csv)
    expect(await flightsIn(bytes(await workbookOf(csv)))).toEqual(csv)
    expect(await flightsIn(bytes(JSON.stringify(csv, null, 2)))).toEqual(csv)
    expect(await flightsIn(bytes(JSON.stringify([Object.keys(Flight.shape), ...csv.map((row) => Object.values(row))])))).toEqual(csv)
    expect(await flightsIn(bytes(gzipSync(readFileSync(csvPath(2010)))))).toEqual(csv)
    expect(await flightsIn(bytes(gzipSync(readFileSync(parquetPath()))))).toEqual(csv)
    expect(await flightsIn(bytes(gzipSync(await workbookOf(csv))))).toEqual(csv)
  })
})
