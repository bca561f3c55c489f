import type { Context } from "../../../contract/context.ts"
import type { SourceFile } from "../../../contract/source.ts"
import { formatRange, formatSheetName } from "../a1.ts"
import { Workbook } from "../workbook.ts"
import type { XlsxOptions } from "../xlsx-options.ts"
import { type ChosenTable, chooseTables } from "./choose-tables.ts"
import type { SheetInfo } from "./sheet-info.ts"

/**
 * References to the tables that the options choose. Options that choose the same cells give the same text, such as `1` and `"Orders"` if that is the
 * first sheet. Undefined if the choice equals the default.
 */
export async function locateTables(file: SourceFile, context: Context, options: XlsxOptions): Promise<string | undefined> {
  await using workbook = await Workbook.open(file, options.limits, context.signal)
  const chosen = (await chooseTables(workbook, options)) ?? []
  const [only, ...others] = chosen
  const isWholeSheet = only !== undefined && others.length === 0 && only.region.range === undefined
  if (isWholeSheet && (await isDefault(workbook, only.sheet))) return undefined
  return chosen.length === 0 ? undefined : chosen.map(referenceOf).join(",")
}

function referenceOf({ sheet, region }: ChosenTable): string {
  const name = formatSheetName(sheet.name)
  return region.range === undefined ? name : `${name}!${formatRange(region.range)}`
}

/** Whether a sheet is the one that is read without options: the first visible worksheet with cells. */
async function isDefault(workbook: Workbook, sheet: SheetInfo): Promise<boolean> {
  const worksheets = workbook.sheets.filter(({ kind, part }) => kind === "worksheet" && part !== undefined)
  const visible = worksheets.filter(({ hidden }) => !hidden)
  const candidates = visible.length > 0 ? visible : worksheets
  if (!candidates.includes(sheet)) return false
  for (const earlier of candidates) {
    if (earlier === sheet) return true
    if (await hasCells(workbook, earlier)) return false
  }
  return false
}

async function hasCells(workbook: Workbook, sheet: SheetInfo): Promise<boolean> {
  for await (const block of workbook.cells(sheet)) if (block.length > 0) return true
  return false
}
