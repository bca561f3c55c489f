import ExcelJS from "exceljs"
import { CellSum } from "./cell-sum.ts"
import { measured } from "./measured.ts"

await measured(async ({ file }: { readonly file: string }) => {
  const sum = new CellSum()
  const reader = new ExcelJS.stream.xlsx.WorkbookReader(file, {
    entries: "emit",
    sharedStrings: "cache",
    styles: "cache",
    hyperlinks: "ignore",
    worksheets: "emit",
  })
  for await (const sheet of reader)
    for await (const row of sheet) {
      if (row.number === 1 || !Array.isArray(row.values)) continue
      for (let column = 1; column <= 10; column++) sum.add(row.values[column])
    }
  return sum
})
