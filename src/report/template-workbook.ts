import type { Fill } from "exceljs"
import { RowgateError } from "../errors/rowgate-error.ts"
import type { ColumnGuide } from "../model/column-guide.ts"
import { checkArgument } from "../options/check-argument.ts"
import { fullList, having, text } from "../options/option-kinds.ts"
import { addValidation, DropDownLists, formatOf } from "./guide-cells.ts"
import { guideLines } from "./guide-text.ts"
import { addHelp } from "./help-sheet.ts"
import { escaped, greyFill, sheetLimits, writeWorkbook } from "./workbook-file.ts"

const requiredFill: Fill = { type: "pattern", pattern: "solid", fgColor: { argb: "FFFFE699" } }
/** Programs that list rules by cell would need much memory for more. Formats apply to all rows. */
const ruledRows = 10_000

/**
 * Writes a workbook to fill in, from the guides of `columnGuides` or `tableGuides`. Its sheet `Rows` has a frozen header with a note on each column, drop-downs,
 * rules for the first 10,000 rows, and the number format of each column. Another sheet explains in plain words what to do.
 *
 * The file appears under its name when it is complete. Throws `DEPENDENCY_MISSING` if `exceljs` is not installed, `SCHEMA_INVALID` if there are more than
 * 16,384 columns, and `SINK_REFUSED` if the file cannot be written.
 */
export async function templateWorkbook(path: string, columns: readonly ColumnGuide[]): Promise<void> {
  checkArgument("templateWorkbook()", path, text("a path"))
  const guides = fullList(having<ColumnGuide>("a guide"), "guides, as columnGuides() returns them")
  checkArgument("The columns of templateWorkbook()", columns, guides)
  if (columns.length > sheetLimits.columns)
    throw new RowgateError({
      code: "SCHEMA_INVALID",
      message: `A sheet has at most ${sheetLimits.columns} columns; the template needs ${columns.length}.`,
      remedy: "Give fewer columns.",
    })
  await writeWorkbook(path, "", async (book) => {
    const sheet = book.addWorksheet("Rows", { views: [{ state: "frozen", ySplit: 1 }] })
    sheet.columns = columns.map((guide) => ({ width: widthOf(guide), style: { numFmt: formatOf(guide) } }))
    const header = sheet.addRow(columns.map(({ name }) => escaped(name)))
    header.font = { bold: true }
    const lists = new DropDownLists()
    columns.forEach((guide, at) => {
      const cell = header.getCell(at + 1)
      cell.numFmt = "@"
      cell.fill = guide.required ? requiredFill : greyFill
      cell.note = escaped(guideLines(guide).join("\n"))
      addValidation(sheet, guide, { column: at + 1, first: 2, last: ruledRows + 1 }, { lists, errorStyle: "stop" })
    })
    header.commit()
    sheet.commit()
    addHelp(book, "How to fill in this workbook", steps, new Map(columns.map((guide) => [guide.name, guide])))
    lists.addTo(book)
  })
}

const steps = [
  'Fill in one row of the sheet "Rows" for each record, below the header. Leave no rows blank in between.',
  "Columns with a yellow header are required. Point at a header to read what the column takes; the list below says it too.",
  "If a cell has a list, click its arrow to see what you can choose. The program warns you about values that the column does not take.",
  "Do not rename or delete the headers in the first row. Do not use formulas that are not calculated, totals, or merged cells.",
  "Save the file as xlsx and send it back.",
]

function widthOf({ name, values = [], kind }: ColumnGuide): number {
  const longest = Math.max(name.length + 2, ...values.map((value) => String(value).length + 2), kind === "timestamp" ? 20 : 12)
  return Math.min(40, longest)
}
