// A worker that looks for a file every few seconds, with every.ts. It loads each version of the file once, and stops cleanly.
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { PGlite } from "@electric-sql/pglite"
import { createPipeline, file } from "rowgate"
import { pglite } from "rowgate/pglite"
import { z } from "zod"
import { every } from "./every.ts"

const folder = await mkdtemp(join(tmpdir(), "worker-"))
const path = join(folder, "prices.csv")
const db = new PGlite()
const prices = createPipeline({ name: "prices" })
  .from(file(path, { name: "prices.csv" }))
  .validate(z.object({ sku: z.string(), price: z.number() }))
  .into(pglite({ db, table: "prices", createTable: true, mode: "upsert", key: ["sku"] }))

/** What happens to the file before each round. */
const days = [undefined, () => writeFile(path, "sku,price\na,1\nb,2\n"), undefined, () => writeFile(path, "sku,price\nb,3\nc,4\n")]

// In a service: process.once("SIGTERM", () => stop.abort())
const stop = new AbortController()
let round = 0
await every(
  async (signal) => {
    const day = days[round++]
    if (round === days.length) stop.signal.addEventListener("abort", () => console.log("stopped"))
    await day?.()
    const { deliveries } = await prices.run({ signal })
    for (const { outcome, loaded } of deliveries) console.log(`round ${round}: ${outcome}, ${loaded} rows`)
    if (round === days.length) stop.abort()
  },
  { pauseMs: 20, signal: stop.signal, onError: ({ code }) => console.log(`round ${round}: ${code}, trying again`) },
)

const { rows } = await db.query("SELECT sku, price FROM prices ORDER BY sku")
console.log(rows)
await db.close()
await rm(folder, { recursive: true })
