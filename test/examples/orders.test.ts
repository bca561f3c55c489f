import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { parse } from "csv-parse/sync"
import ExcelJS from "exceljs"
import { expect, test } from "vitest"
import { type Damage, damageKinds } from "../../examples/data/damage.ts"
import { orderColumns } from "../../examples/data/order.ts"
import { orders, ordersCsv } from "../../examples/data/orders.ts"
import { writeOrdersWorkbook } from "../../examples/data/orders-workbook.ts"

test("the same seed gives the same orders, another seed gives others", () => {
  expect([...orders({ rows: 50, seed: 7 })]).toEqual([...orders({ rows: 50, seed: 7 })])
  expect([...orders({ rows: 50, seed: 7 })]).not.toEqual([...orders({ rows: 50, seed: 8 })])
})

test("orders made in parts are the same as orders made together", () => {
  const parts = [...orders({ rows: 30 }), ...orders({ first: 30, rows: 70 })]
  expect(parts).toEqual([...orders({ rows: 100 })])
})

test("what was damaged is listed, and nothing else differs from the clean orders", () => {
  for (const of of ["rows", "cells"] as const) {
    const listed: Damage[] = []
    const damaged = [...orders({ rows: 20_000, damage: { share: 0.02, of }, onDamage: (damage) => listed.push(damage) })]
    const found: object[] = []
    for (const [index, cells] of [...orders({ rows: 20_000 })].entries())
      for (const column of orderColumns) {
        const after = damaged[index]?.[column]
        if (after !== cells[column]) found.push({ index, column, before: cells[column], after })
      }
    expect(found).toEqual(listed.map(({ index, column, before, after }) => ({ index, column, before, after })))
  }
})

test("every kind of damage occurs, in 2 % of the rows or of the cells that can be damaged", () => {
  const kinds = new Set<string>()
  let rows = 0
  for (const _ of orders({ rows: 50_000, damage: { share: 0.02, of: "rows" }, onDamage: () => rows++ }));
  let cells = 0
  const onDamage = ({ column, kind }: Damage) => {
    cells++
    kinds.add(`${column} ${kind}`)
  }
  for (const _ of orders({ rows: 50_000, damage: { share: 0.02, of: "cells" }, onDamage }));
  expect(rows / 50_000).toBeCloseTo(0.02, 2)
  expect(cells / 450_000).toBeCloseTo(0.02, 2)
  expect(kinds).toEqual(new Set(damageKinds.map(({ column, name }) => `${column} ${name}`)))
})

test("csv holds the cells as they are, quotes and all, in 80 bytes a row", () => {
  const options = { rows: 20_000, damage: { share: 0.05, of: "cells" as const } }
  const csv = Buffer.concat([...ordersCsv(options)])
  expect(parse(csv, { columns: true })).toEqual([...orders(options)])
  expect(csv.length / 20_000).toBeGreaterThan(75)
  expect(csv.length / 20_000).toBeLessThan(85)
})

test("the workbook holds numbers and dates as such, and a damaged cell as text", async () => {
  const folder = await mkdtemp(join(tmpdir(), "orders-"))
  try {
    const options = { rows: 500, damage: { share: 0.1, of: "cells" as const } }
    await writeOrdersWorkbook(join(folder, "orders.xlsx"), options)
    const workbook = new ExcelJS.Workbook()
    await workbook.xlsx.readFile(join(folder, "orders.xlsx"))
    const sheet = workbook.getWorksheet("Orders")
    expect(sheet?.rowCount).toBe(501)
    for (const [index, cells] of [...orders(options)].entries())
      orderColumns.forEach((column, at) => {
        const value = sheet?.getRow(index + 2).getCell(at + 1).value ?? ""
        if (typeof value === "number") expect(value).toBe(Number(cells[column]))
        else expect(value instanceof Date ? value.toISOString().slice(0, 10) : value).toBe(cells[column])
      })
  } finally {
    await rm(folder, { recursive: true })
  }
})
