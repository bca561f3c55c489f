// Bad rows are set aside with every reason, and with their cells as they are in the file.
import { mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { bytes, check, createPipeline, memory, ndjsonFile, type Reject } from "rowgate"
import { z } from "zod"

const csv = `sku,price,updated
a-1,12.50,2025-06-30
b-2,free,2025-06-31
a-1,13.00,2025-07-01
c-3
`
const Product = z.object({ sku: z.string(), price: z.number().positive(), updated: z.date() })

const folder = await mkdtemp(join(tmpdir(), "rejects-"))
const products = memory<z.infer<typeof Product>>()
const pipeline = createPipeline({ name: "products" })
  .from(bytes(csv, { name: "products.csv" }))
  .validate(Product)
  .check(check.unique("sku"))
  .into(products)
  .rejectsInto(ndjsonFile(join(folder, "rejects.ndjson")))

const { read, loaded, rejected } = await pipeline.run()
console.log(`${read} read = ${loaded} loaded + ${rejected} rejected`)
console.log(products.rows)

const lines = (await readFile(join(folder, "rejects.ndjson"), "utf8")).trimEnd().split("\n")
for (const { origin, raw, issues } of lines.map((line): Reject => JSON.parse(line))) {
  console.log(`line ${origin.line}`, raw)
  for (const { code, message } of issues) console.log(`  ${code}: ${message}`)
}
await rm(folder, { recursive: true })
