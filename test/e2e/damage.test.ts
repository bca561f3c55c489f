import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { bytes, createPipeline, type FilePipeline, file, type Pipeline, type Source } from "rowgate"
import { expect, test } from "vitest"
import type { Damage } from "../../examples/data/damage.ts"
import { orderContract } from "../../examples/data/order-contract.ts"
import { type OrdersOptions, ordersCsv } from "../../examples/data/orders.ts"
import { writeOrdersWorkbook } from "../../examples/data/orders-workbook.ts"
import { sampleCsvDamage } from "../../examples/data/sample-csv.ts"
import { sampleWorkbookDamage } from "../../examples/data/sample-workbook.ts"
import { sampleContract } from "../../examples/demo/sample-contract.ts"

const asOf = new Date("2026-01-05")

/** Which rows of a source fail, by their number in the file, counted from 1, and in which dimensions. */
async function failures(
  source: Source,
  contract: (files: FilePipeline) => Pipeline<unknown>,
): Promise<ReadonlyMap<number, readonly string[]>> {
  const failed = new Map<number, readonly string[]>()
  for await (const batch of contract(createPipeline({ name: "damage" }).from(source)).batches({ asOf }))
    for (let row = 0; row < batch.length; row++) {
      if (batch.selection.has(row)) continue
      failed.set(batch.origin(row).row, [...new Set(batch.issues.of(row).map(({ dimension }) => dimension))].sort())
    }
  return failed
}

/**
 * The failures that the list of damage predicts. The header is row 1, and invisible damage fails no row. The key of an earlier order is not a
 * duplicate if that order's own key was damaged.
 */
function expected(damages: readonly Damage[]): ReadonlyMap<number, readonly string[]> {
  const keyless = new Set(damages.filter(({ column }) => column === "order_id").map(({ before }) => before))
  const seen = damages.filter(({ dimension, after }) => dimension !== undefined && !(dimension === "uniqueness" && keyless.has(after)))
  return new Map(seen.map(({ index, dimension }) => [index + 2, [String(dimension)]]))
}

test("exactly the orders in csv with visible damage fail, each in its dimension", async () => {
  const damages: Damage[] = []
  const options: OrdersOptions = { rows: 30_000, damage: { share: 0.1, of: "rows" }, onDamage: (damage) => damages.push(damage) }
  const csv = bytes(Buffer.concat([...ordersCsv(options)]), { name: "orders.csv" })
  expect(await failures(csv, orderContract)).toEqual(expected(damages))
  expect(damages.length).toBeGreaterThan(2500)
})

test("the same orders in a workbook fail in the same rows", async () => {
  const folder = await mkdtemp(join(tmpdir(), "rowgate-damage-"))
  try {
    const damages: Damage[] = []
    const options: OrdersOptions = { rows: 5000, damage: { share: 0.2, of: "rows" }, onDamage: (damage) => damages.push(damage) }
    await writeOrdersWorkbook(join(folder, "orders.xlsx"), options)
    expect(await failures(file(join(folder, "orders.xlsx")), orderContract)).toEqual(expected(damages))
  } finally {
    await rm(folder, { recursive: true })
  }
})

/** Damage of the samples that reading repairs, or that no rule of the schema can detect. */
const harmless = new Set([
  "date as German text",
  "date as ISO text",
  "order number as text",
  "quantity as text",
  "spaces around",
  "blanks around",
  "a no-break space within",
  "gift as yes",
  "names in rich text",
  "e-mail as a hyperlink",
  "text that looks like a formula",
  "wrong encoding once too often",
  "quotes and a semicolon",
])

test("in the sample workbook, the damaged orders, a repeated one and the row of totals fail", async () => {
  const failed = await failures(file(sample("sample.xlsx")), sampleContract)
  const damaged = [...sampleWorkbookDamage()].filter(([, name]) => !harmless.has(name))
  // Orders begin in row 5. A blank row precedes the 121st, the 201st is repeated after itself, and a row of totals ends the sheet.
  const rows = damaged.map(([index]) => 5 + index + (index >= 120 ? 1 : 0) + (index > 200 ? 1 : 0))
  expect([...failed.keys()].sort((a, b) => a - b)).toEqual([...rows, 5 + 200 + 2, 247].sort((a, b) => a - b))
})

test("in the sample csv, the damaged orders and a repeated one fail", async () => {
  const failed = await failures(file(sample("sample.csv")), sampleContract)
  const damaged = [...sampleCsvDamage()].filter(([, name]) => !harmless.has(name))
  // The header is the first record. The 64th order is repeated after itself, which moves the later ones. The blank line is not a record.
  const rows = damaged.map(([index]) => 2 + index + (index >= 63 ? 1 : 0))
  expect([...failed.keys()].sort((a, b) => a - b)).toEqual([...rows].sort((a, b) => a - b))
})

function sample(name: string): string {
  return fileURLToPath(new URL(`../../examples/data/${name}`, import.meta.url))
}
