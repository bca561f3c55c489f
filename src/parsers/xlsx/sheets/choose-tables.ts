import { RowgateError } from "../../../errors/rowgate-error.ts"
import { shownText } from "../../../errors/shown-text.ts"
import { type CellRange, parseReference } from "../a1.ts"
import type { Workbook } from "../workbook.ts"
import type { XlsxOptions } from "../xlsx-options.ts"
import type { SheetInfo } from "./sheet-info.ts"
import type { TableRegion } from "./table-head.ts"
import { TableReader } from "./tables.ts"

/** A table to read. */
export interface ChosenTable {
  readonly sheet: SheetInfo
  readonly name: string
  readonly region: TableRegion
}

/** The tables that the options choose. Undefined if they choose none; the first sheet with cells is read then. */
export async function chooseTables(workbook: Workbook, options: XlsxOptions): Promise<readonly ChosenTable[] | undefined> {
  const { header: headerRow } = options
  if (options.table !== undefined) return [await definedTable(workbook, options.table, options)]
  if (options.range !== undefined) {
    const { sheet, range } = namedRange(workbook, options.range, options)
    return sheet === undefined ? undefined : [{ sheet, name: sheet.name, region: { range, headerRow } }]
  }
  if (options.sheet === undefined) return undefined
  return chooseSheets(workbook, options.sheet, options.hiddenSheets === "read").map((sheet) => ({
    sheet,
    name: sheet.name,
    region: { range: undefined, headerRow },
  }))
}

/** Finds sheets by name, position or pattern. A pattern matches worksheets only, and hidden ones only if `takesHidden` is set. */
function chooseSheets(workbook: Workbook, wanted: string | number | RegExp, takesHidden = false): readonly SheetInfo[] {
  const found = workbook.sheets.filter((sheet) => matches(sheet, wanted, takesHidden))
  const exact = found.filter((sheet) => sheet.name === wanted)
  const named = exact.length > 0 ? exact : found
  const isPosition = named.length === 0 && typeof wanted === "string" && /^[1-9]\d{0,4}$/.test(wanted)
  const chosen = isPosition ? workbook.sheets.filter(({ index }) => index === Number(wanted) - 1) : named
  if (chosen.length === 0) throw notFound(workbook, whatOf(wanted), "sheet")
  return chosen
}

/** Case does not matter in names of sheets. */
function matches(sheet: SheetInfo, wanted: string | number | RegExp, takesHidden: boolean): boolean {
  if (typeof wanted === "string") return sheet.name.toLowerCase() === wanted.toLowerCase()
  if (typeof wanted === "number") return sheet.index === wanted - 1
  return (takesHidden || !sheet.hidden) && sheet.kind === "worksheet" && sheet.name.search(wanted) >= 0
}

async function definedTable(workbook: Workbook, name: string, { header: headerRow }: XlsxOptions): Promise<ChosenTable> {
  const seen = new Set<string>()
  for (const sheet of workbook.sheets) {
    const related = await workbook.relationships(sheet)
    for (const { part } of related.filter(({ type }) => type === "table")) {
      if (seen.has(part)) continue
      seen.add(part)
      const table = (await workbook.readPart(part, new TableReader())).ifNamed(name)
      if (table === undefined) continue
      const range = { ...table.range, bottom: table.range.bottom - table.totalsRows }
      const header = table.headerRows > 0 ? table.range.top + 1 : false
      const names = table.headerRows > 0 || table.columns.length === 0 ? undefined : table.columns
      return { sheet, name: table.name, region: { range, headerRow: headerRow ?? header, names } }
    }
  }
  throw notFound(workbook, `no table "${name}"`, "table")
}

/** Resolves a range in A1 form or a defined name. The sheet is the one in the reference, else the one in the options. */
function namedRange(workbook: Workbook, text: string, options: XlsxOptions): { sheet: SheetInfo | undefined; range: CellRange } {
  const chosen = options.sheet === undefined ? undefined : chooseSheets(workbook, options.sheet)[0]
  const defined = workbook.names.filter((each) => each.name.toLowerCase() === text.trim().toLowerCase())
  const own =
    defined.find((each) => chosen !== undefined && each.sheet === chosen.index) ??
    defined.find((each) => each.sheet === undefined) ??
    defined[0]
  const reference = parseReference((own?.reference ?? text).trim().replace(/^=/, ""))
  if (reference === undefined) throw notFound(workbook, `no range "${text}"`, "range")
  const named = reference.sheet === undefined ? chosen : chooseSheets(workbook, reference.sheet)[0]
  return { sheet: named ?? firstWorksheet(workbook), range: reference.range }
}

/** The first visible worksheet, or the first one if all are hidden. */
function firstWorksheet(workbook: Workbook): SheetInfo | undefined {
  const worksheets = workbook.sheets.filter(({ kind }) => kind === "worksheet")
  return worksheets.find(({ hidden }) => !hidden) ?? worksheets[0]
}

function whatOf(wanted: string | number | RegExp): string {
  if (wanted instanceof RegExp) return wanted.source === "(?:)" ? "no worksheet" : `no worksheet with a name like ${wanted}`
  return typeof wanted === "string" ? `no sheet "${shownText(wanted)}"` : `no sheet number ${wanted}`
}

function notFound(workbook: Workbook, what: string, option: string): RowgateError {
  const sheets = workbook.sheets.slice(0, 20).map(({ name }) => `"${shownText(name)}"`)
  return new RowgateError({
    code: "TABLE_NOT_FOUND",
    message:
      sheets.length === 0
        ? "The workbook has no sheets."
        : `The workbook has ${what}; its sheets are ${sheets.join(", ")}${workbook.sheets.length > 20 ? " and more" : ""}.`,
    remedy: `Set the option ${option} to a ${option} of the workbook.`,
    origin: { uri: workbook.uri },
  })
}
