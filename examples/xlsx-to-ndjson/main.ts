// A workbook into a file of ndjson, typed: dates, exact decimals, text with its leading zeros.
import { mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { cell, createPipeline, file, ndjsonFile } from "rowgate"
import { xlsx } from "rowgate/xlsx"
import { z } from "zod"

const Order = z.object({
  orderNo: z.number().int(),
  customer: z.string(),
  postcode: z.string().nullable(), // a number in some cells of the sheet
  orderDate: z.date(),
  total: z.string(),
})

const folder = await mkdtemp(join(tmpdir(), "xlsx-to-ndjson-"))
const orders = createPipeline({ name: "orders" })
  .from(file(new URL("../data/sample.xlsx", import.meta.url)))
  .parse(xlsx({ sheet: 1 }))
  .normalize({ nulls: ["N/A"], columns: { total: cell.decimal() } })
  .validate(Order)
  .into(ndjsonFile(join(folder, "orders.ndjson")))

const { read, loaded, rejected, deliveries } = await orders.run()
console.log(`${read} rows read, ${loaded} written, ${rejected} rejected`)
for (const [code, times] of Object.entries(deliveries[0]?.issues ?? {})) console.log(`  ${times} x ${code}`)
const lines = (await readFile(join(folder, "orders.ndjson"), "utf8")).split("\n")
for (const line of lines.slice(0, 3)) console.log(line)
await rm(folder, { recursive: true })
