import { readFile } from "node:fs/promises"
import { fileURLToPath } from "node:url"
import ExcelJS from "exceljs"
import { expect, test } from "vitest"
import { sampleCsv, sampleCsvDamage, sampleCsvOrders } from "../../examples/data/sample-csv.ts"
import { sampleWorkbook, sampleWorkbookDamage, sampleWorkbookOrders } from "../../examples/data/sample-workbook.ts"

const sampleFile = (name: string) => fileURLToPath(new URL(`../../examples/data/${name}`, import.meta.url))

test("sample.xlsx holds what its generator makes, cell for cell", async () => {
  const kept = new ExcelJS.Workbook()
  await kept.xlsx.readFile(sampleFile("sample.xlsx"))
  const made = new ExcelJS.Workbook()
  await made.xlsx.load(await sampleWorkbook().xlsx.writeBuffer())
  expect(cellsOf(kept)).toEqual(cellsOf(made))
  expect(cellsOf(kept).length).toBeGreaterThan(sampleWorkbookOrders * 12)
})

test("sample.csv holds what its generator makes, byte for byte", async () => {
  expect(await readFile(sampleFile("sample.csv"), "utf8")).toBe(sampleCsv())
})

test("no order has two kinds of damage, and every kind is on an order that exists", () => {
  for (const [damage, orders, kinds] of [
    [sampleWorkbookDamage(), sampleWorkbookOrders, 42],
    [sampleCsvDamage(), sampleCsvOrders, 27],
  ] as const) {
    expect(new Set(damage.values()).size).toBe(kinds)
    expect(damage.size).toBe(kinds)
    expect(Math.max(...damage.keys())).toBeLessThan(orders)
  }
})

/** `Orders!B5` with its value and format, of every cell that holds something. */
function cellsOf(workbook: ExcelJS.Workbook): unknown[] {
  const cells: unknown[] = []
  workbook.eachSheet((sheet) =>
    sheet.eachRow((row) =>
      row.eachCell(({ address, value, numFmt }) => {
        cells.push([sheet.name, sheet.state, address, value, numFmt])
      }),
    ),
  )
  return cells
}
