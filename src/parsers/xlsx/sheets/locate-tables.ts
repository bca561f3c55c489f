import type { Context } from "../../../contract/context.ts"
import type { SourceFile } from "../../../contract/source.ts"
import { formatRange, formatSheetName } from "../a1.ts"
import { Workbook } from "../workbook.ts"
import type { XlsxOptions } from "../xlsx-options.ts"
import { type ChosenTable, chooseTables } from "./choose-tables.ts"
import { defaultCandidates, defaultSheet } from "./default-sheet.ts"
import type { SheetInfo } from "./sheet-info.ts"
import { SheetTable } from "./sheet-table.ts"

/**
 * References to the tables that the options choose. Options that choose the same cells give the same text, such as `1` and `"Orders"` if that is the
 * first sheet. Undefined if the choice equals the default.
 */
export async function locateTables(file: SourceFile, context: Context, options: XlsxOptions): Promise<string | undefined> {
  await using workbook = await Workbook.open(file, options.limits, context.signal)
  const chosen = (await chooseTables(workbook, options)) ?? []
  const [only, ...others] = chosen
  const isWholeSheet = only !== undefined && others.length === 0 && only.region.range === undefined
  if (isWholeSheet && (await isDefault(workbook, only.sheet, context, options))) return undefined
  return chosen.length === 0 ? undefined : chosen.map(referenceOf).join(",")
}

function referenceOf({ sheet, region }: ChosenTable): string {
  const name = formatSheetName(sheet.name)
  return region.range === undefined ? name : `${name}!${formatRange(region.range)}`
}

/** Whether a sheet is the one that is read without options. */
async function isDefault(workbook: Workbook, sheet: SheetInfo, context: Context, { header: headerRow }: XlsxOptions): Promise<boolean> {
  if (!defaultCandidates(workbook).includes(sheet)) return false
  const settings = { version: undefined, skipHiddenRows: false, fillMerged: false, dropFooter: false, allTables: false }
  const region = { range: undefined, headerRow }
  const open = (each: SheetInfo) => SheetTable.open(workbook, { ...settings, sheet: each, name: each.name, region }, context)
  const { sheet: taken, table } = await defaultSheet(workbook, open)
  await table.close()
  return taken === sheet
}
