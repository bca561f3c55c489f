/** Writes `sample.xlsx` and `sample.csv` beside this file: `npx tsx examples/data/generate-samples.ts`. The files are the same on every machine. */
import { writeFile } from "node:fs/promises"
import { fileURLToPath } from "node:url"
import { sampleCsv } from "./sample-csv.ts"
import { sampleWorkbook } from "./sample-workbook.ts"

await sampleWorkbook().xlsx.writeFile(fileURLToPath(new URL("sample.xlsx", import.meta.url)))
await writeFile(new URL("sample.csv", import.meta.url), sampleCsv())
