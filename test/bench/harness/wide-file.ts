import { existsSync } from "node:fs"
import { mkdir, rename, writeFile } from "node:fs/promises"
import { fileURLToPath } from "node:url"
import { Random } from "../../../examples/data/random.ts"

const folder = new URL("../../../.rowgate/bench/data/", import.meta.url)
const states = ["NY", "CA", "TX", "WA", "FL"] as const
const statuses = ["paid", "open", "shipped"] as const
const header = [
  ...["id", "name", "email", "city", "zip", "state", "country", "product", "sku", "price", "pieces", "amount"],
  ...["status", "ordered", "shipped", "phone", "note", "reference", "rating", "gift"],
]

/** The path of a csv file with 20 columns of every kind: keys, names that repeat, codes, dependencies, amounts, dates and notes. */
export async function wideFile(rows: number): Promise<string> {
  const path = fileURLToPath(new URL(`wide-1-${rows}.csv`, folder))
  if (existsSync(path)) return path
  await mkdir(folder, { recursive: true })
  const lines = [header.join(","), ...Array.from({ length: rows }, (_, row) => lineOf(row))]
  await writeFile(`${path}.part`, `${lines.join("\n")}\n`)
  await rename(`${path}.part`, path)
  return path
}

function lineOf(row: number): string {
  const random = new Random(7, row)
  const [customer, town, product, pieces] = [random.below(2000), random.below(800), random.below(500), 1 + random.below(9)]
  const price = 100 + ((product * 37) % 9000)
  const name = `N${word(customer)}ov ${["Smith", "Jones", "Miller", "Garcia"][customer % 4]}`
  const day = () => new Date(Date.UTC(2023, 0, 1 + random.below(700))).toISOString().slice(0, 10)
  return [
    ...[row + 1, name, `u${customer}@example.com`, `City${word(town)}ton`, 10_000 + town * 7, states[town % 5], "US"],
    ...[`Product ${product}`, `SKU-${1000 + product}`, (price / 100).toFixed(2), pieces, ((price * pieces) / 100).toFixed(2)],
    ...[random.pick(statuses), day(), day(), `555-${1_000_000 + random.below(8_999_999)}`, `note ${word(random.below(1e9))} about ${name}`],
    ...[1_000_000 + random.below(8_999_999), (5 * random.next()).toFixed(1), random.below(2) === 1],
  ].join(",")
}

function word(number: number): string {
  return ((number * 7919) % 100_003).toString(26).replace(/\d/g, (digit) => "qrstuvwxyz".charAt(Number(digit)))
}
