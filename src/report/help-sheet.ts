import type { ColumnGuide } from "../model/column-guide.ts"
import { helperSheets } from "../model/helper-sheets.ts"
import { guideLines } from "./guide-text.ts"
import { escaped, greyFill, sheetLimits, type WorkbookWriter } from "./workbook-file.ts"

/** Adds the sheet that explains a workbook in plain words: a title, steps, and what each column takes. */
export function addHelp(book: WorkbookWriter, title: string, steps: readonly string[], columns: ReadonlyMap<string, ColumnGuide>): void {
  const sheet = book.addWorksheet(helperSheets.help)
  sheet.columns = [{ width: 34 }, { width: 100 }]
  const heading = sheet.addRow([title])
  heading.font = { bold: true, size: 14 }
  heading.commit()
  steps.forEach((step, at) => {
    const row = sheet.addRow([`Step ${at + 1}`, step])
    row.alignment = { wrapText: true, vertical: "top" }
    row.commit()
  })
  if (columns.size > 0) {
    sheet.addRow([]).commit()
    const header = sheet.addRow(["Column", "What it takes"])
    header.font = { bold: true }
    header.eachCell((cell) => {
      cell.fill = greyFill
    })
    header.commit()
  }
  for (const [name, guide] of columns) {
    const row = sheet.addRow([escaped(name), escaped(guideLines(guide).join(" ")).slice(0, sheetLimits.text)])
    row.alignment = { wrapText: true, vertical: "top" }
    row.commit()
  }
  sheet.commit()
}
