import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { expect, test } from "vitest"
import { writeOrdersCsv } from "../../examples/data/orders.ts"
import { postgresDatabase } from "../postgres-database.ts"
import { Rowgate } from "./command.ts"

test("a csv of a million rows, 2% of them damaged, goes through the whole pipeline in less than 250 MB", async () => {
  const rowgate = await Rowgate.compile()
  await using database = await postgresDatabase()
  const cwd = await mkdtemp(join(tmpdir(), "rowgate-memory-"))
  try {
    let damaged = 0
    await writeOrdersCsv(join(cwd, "orders.csv"), { rows: 1_000_000, damage: { share: 0.02, of: "rows" }, onDamage: () => damaged++ })
    await writeFile(join(cwd, "contract.mjs"), orderSchemaModule())
    const peak = join(cwd, "peak")
    await writeFile(
      join(cwd, "watch.mjs"),
      `import { writeFileSync } from "node:fs"
       process.on("exit", () => writeFileSync(${JSON.stringify(peak)}, String(process.resourceUsage().maxRSS / 1024)))`,
    )
    const env = { DATABASE_URL: database.url, NODE_OPTIONS: `--import=${pathToFileURL(join(cwd, "watch.mjs")).href}` }
    expect(await rowgate.call(["migrate"], { cwd, env })).toMatchObject({ code: 0 })
    const args = ["ingest", "orders.csv", "--schema", "contract.mjs", "--create-table", "--report", "report.json"]
    expect(await rowgate.call(args, { cwd, env })).toMatchObject({ code: 0, stderr: "" })
    const { read, loaded, rejected } = JSON.parse(await readFile(join(cwd, "report.json"), "utf8"))
    expect(read).toBe(1_000_000)
    expect(loaded + rejected).toBe(1_000_000)
    expect(rejected).toBeGreaterThan(damaged / 2)
    const megabytes = Number(await readFile(peak, "utf8"))
    console.log(`peak of the process: ${megabytes.toFixed(0)} MB`)
    expect(megabytes).toBeLessThan(250)
  } finally {
    await rm(cwd, { recursive: true })
  }
})

/** A schema as a user writes it in JavaScript, with zod resolved from here. */
function orderSchemaModule(): string {
  return `import { z } from ${JSON.stringify(import.meta.resolve("zod"))}
    export default z.object({
      order_id: z.number().int().positive(), customer_name: z.string().min(1), email: z.email(), country: z.string().length(2),
      order_date: z.date(), amount: z.number().nonnegative(), currency: z.enum(["USD", "EUR", "JPY", "GBP"]),
      quantity: z.number().int().positive(), status: z.enum(["paid", "shipped", "pending", "refunded", "cancelled"]), notes: z.string().nullable(),
    })`
}
