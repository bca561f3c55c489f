import { createHash } from "node:crypto"
import { existsSync } from "node:fs"
import { mkdir, readFile, rename } from "node:fs/promises"
import { fileURLToPath } from "node:url"
import { type OrdersOptions, writeOrdersCsv } from "../../../examples/data/orders.ts"
import { writeOrdersWorkbook } from "../../../examples/data/orders-workbook.ts"

const folder = new URL("../../../.rowgate/bench/data/", import.meta.url)
const generators = new URL("../../../examples/data/", import.meta.url)

/** The path of a file of orders. The file is made on first use and kept until the generators change. */
export async function ordersFile(format: "csv" | "xlsx", options: OrdersOptions): Promise<string> {
  const { rows, first = 0, seed = 42, damage } = options
  const damaged = damage === undefined ? "clean" : `${damage.of}-${damage.share}`
  const name = `${await generatorVersion()}-${rows}-${first}-${seed}-${damaged}.${format}`
  const path = fileURLToPath(new URL(name, folder))
  if (existsSync(path)) return path
  await mkdir(folder, { recursive: true })
  // Under its name a file is always complete, even if an earlier run was stopped during writing.
  const write = format === "csv" ? writeOrdersCsv : writeOrdersWorkbook
  await write(`${path}.part`, options)
  await rename(`${path}.part`, path)
  return path
}

async function generatorVersion(): Promise<string> {
  const hash = createHash("sha256")
  for (const file of ["random.ts", "order.ts", "damage.ts", "orders.ts", "orders-workbook.ts"])
    hash.update(await readFile(new URL(file, generators)))
  return hash.digest("hex").slice(0, 8)
}
