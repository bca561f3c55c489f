// The same bytes are loaded once, even if they arrive again under another name.
import { PGlite } from "@electric-sql/pglite"
import { bytes, createPipeline } from "rowgate"
import { pglite } from "rowgate/pglite"
import { z } from "zod"

const db = new PGlite()
const readings = createPipeline({ name: "readings" })
  .from(bytes(""))
  .validate(z.object({ sensor: z.string(), celsius: z.number() }))
  .into(pglite({ db, table: "readings", createTable: true }))

const monday = "sensor,celsius\nroof,21.5\ncellar,12.25\n"
for (const [name, content] of [
  ["monday.csv", monday],
  ["monday (1).csv", monday],
  ["tuesday.csv", "sensor,celsius\nroof,19\n"],
] as const) {
  const { deliveries } = await readings.run({ source: bytes(content, { name }) })
  for (const { outcome, loaded } of deliveries) console.log(`${name}: ${outcome}, ${loaded} rows`)
}

const { rows } = await db.query("SELECT count(*) AS rows FROM readings")
console.log(rows)
await db.close()
