import type { Context } from "../../../contract/context.ts"
import type { SourceFile } from "../../../contract/source.ts"
import { isHelperSheet } from "../../../model/helper-sheets.ts"
import { Workbook } from "../workbook.ts"
import type { XlsxOptions } from "../xlsx-options.ts"
import { coverName, isCover, lookOf } from "./default-sheet.ts"
import type { SheetInfo } from "./sheet-info.ts"
import { SheetTable } from "./sheet-table.ts"

/** A worksheet with cells. */
export interface FilledSheet {
  readonly sheet: SheetInfo
  /** False if no rows follow its header, and for a cover page. */
  readonly hasTable: boolean
}

/** The worksheets that have cells, visible or not, in the order of the workbook. */
export async function filledSheets(file: SourceFile, context: Context, options: XlsxOptions): Promise<readonly FilledSheet[]> {
  await using workbook = await Workbook.open(file, options.limits, context.signal)
  const region = { range: undefined, headerRow: options.header }
  const settings = { version: file.version, region, skipHiddenRows: false, fillMerged: false, dropFooter: false, allTables: false }
  const filled: FilledSheet[] = []
  for (const sheet of workbook.sheets) {
    if (sheet.kind !== "worksheet" || sheet.part === undefined || isHelperSheet(sheet.name)) continue
    const table = await SheetTable.open(workbook, { ...settings, sheet, name: sheet.name }, context)
    try {
      if (!table.hasCells) continue
      const look = await lookOf(table)
      // Somebody who asks for all sheets wants a short list, too.
      const isPage = isCover({ sheet, look }) && (!look.hasHeader || coverName.test(sheet.name))
      filled.push({ sheet, hasTable: look.rows > 0 && !isPage })
    } finally {
      await table.close()
    }
  }
  return filled
}
