/**
 * Writes orders to a file: `npx tsx examples/data/generate-orders.ts 1000000 orders.csv` or `... orders.xlsx`.
 * `--damaged 0.02` spoils two rows in a hundred, and lists each spoilt cell as a line of JSON in a second file.
 */
import { writeFile } from "node:fs/promises"
import { parseArgs } from "node:util"
import type { Damage } from "./damage.ts"
import { type OrdersOptions, writeOrdersCsv } from "./orders.ts"
import { writeOrdersWorkbook } from "./orders-workbook.ts"

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { damaged: { type: "string" }, seed: { type: "string" } },
})
const [rows, path] = positionals
if (rows === undefined || path === undefined) throw new Error("usage: generate-orders.ts ROWS FILE [--damaged SHARE] [--seed NUMBER]")

const damages: Damage[] = []
const options: OrdersOptions = {
  rows: Number(rows),
  seed: values.seed === undefined ? undefined : Number(values.seed),
  damage: values.damaged === undefined ? undefined : { share: Number(values.damaged), of: "rows" },
  onDamage: (damage) => damages.push(damage),
}
await (path.endsWith(".xlsx") ? writeOrdersWorkbook(path, options) : writeOrdersCsv(path, options))
if (damages.length > 0) await writeFile(`${path}.damage.ndjson`, damages.map((damage) => `${JSON.stringify(damage)}\n`).join(""))
console.log(`${path}: ${rows} orders, ${damages.length} cells damaged`)
