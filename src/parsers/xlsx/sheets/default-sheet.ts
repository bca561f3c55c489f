import { RowgateError } from "../../../errors/rowgate-error.ts"
import { shownText } from "../../../errors/shown-text.ts"
import { isHelperSheet } from "../../../model/helper-sheets.ts"
import type { TableNotice } from "../../../model/table-facts.ts"
import type { Workbook } from "../workbook.ts"
import type { SheetInfo } from "./sheet-info.ts"
import type { SheetLook, SheetTable } from "./sheet-table.ts"

/** The sheet that is read if the options choose none. */
export interface DefaultSheet {
  readonly sheet: SheetInfo
  /** Its table, open. */
  readonly table: SheetTable
  /** Names the other sheets that have cells. */
  readonly notices: readonly TableNotice[]
}

/** How many sheets are looked at. In a workbook of a thousand sheets, more would take long. */
const mostLooks = 30
const mostNames = 10

/** A cover page has no more rows than this. */
const coverRows = 20
export const coverName =
  /^\s*(?:cover|title|read ?me|about|info|information|legend|contents|index|toc|notes?|instructions|deckblatt|titel|inhalt|hinweise|legende|couverture|sommaire|portada|copertina)\b/i

/**
 * Chooses the first visible worksheet that has cells. A cover page is passed over if a sheet with a table follows, and so is a sheet without the headers
 * that the pipeline expects if another one has them. If all worksheets are hidden, they count as visible.
 */
export async function defaultSheet(workbook: Workbook, open: (sheet: SheetInfo) => Promise<SheetTable>): Promise<DefaultSheet> {
  const candidates = defaultCandidates(workbook)
  const opened: { readonly sheet: SheetInfo; readonly table: SheetTable; readonly look: SheetLook }[] = []
  let chosen: (typeof opened)[number] | undefined
  let empty: (typeof opened)[number] | undefined
  for (const sheet of candidates.slice(0, mostLooks)) {
    const table = await open(sheet)
    const each = { sheet, table, look: await lookOf(table) }
    opened.push(each)
    if (!table.hasCells) empty ??= each
    else if (each.look.isExpected ?? !isCover(each)) {
      chosen = each
      break
    }
  }
  const filled = opened.filter(({ table }) => table.hasCells)
  chosen ??= filled.find((each) => !isCover(each)) ?? filled[0] ?? empty
  for (const { table } of opened) if (table !== chosen?.table) await table.close()
  if (chosen === undefined) throw noWorksheet(workbook)
  const { sheet, table } = chosen
  if (!table.hasCells) return { sheet, table, notices: [] }
  const passed = filled.filter((each) => each.sheet !== sheet).map((each) => each.sheet)
  const known = new Set(opened.map((each) => each.sheet))
  return { sheet, table, notices: noticeOf(sheet, [...passed, ...(await filledOf(workbook, known))]) }
}

const noLook: SheetLook = { columns: 0, rows: 0, hasHeader: false, isExpected: undefined }

/** A sheet whose row is blank where the options say that the header is has no table. */
export async function lookOf(table: SheetTable): Promise<SheetLook> {
  if (!table.hasCells) return noLook
  try {
    return await table.look()
  } catch (error) {
    if (error instanceof RowgateError && error.code === "HEADER_NOT_FOUND") return noLook
    throw error
  }
}

/** The worksheets among which the default is chosen: the visible ones, or all if none is visible. */
export function defaultCandidates(workbook: Workbook): readonly SheetInfo[] {
  const filed = workbook.sheets.filter(({ kind, part }) => kind === "worksheet" && part !== undefined)
  const own = filed.filter(({ name }) => !isHelperSheet(name))
  const worksheets = own.length > 0 ? own : filed
  const visible = worksheets.filter(({ hidden }) => !hidden)
  return visible.length > 0 ? visible : worksheets
}

/** Whether a sheet has a few lines of text and no table, or a few labels with values and the name of a cover page. */
export function isCover({ sheet, look: { columns, rows, hasHeader } }: { readonly sheet: SheetInfo; readonly look: SheetLook }): boolean {
  if (rows > coverRows) return false
  if (rows === 0 && columns < 3) return true
  return columns < 2 || (columns <= 2 && (!hasHeader || coverName.test(sheet.name)))
}

/** The other worksheets with cells, visible or not. */
async function filledOf(workbook: Workbook, known: ReadonlySet<SheetInfo>): Promise<readonly SheetInfo[]> {
  const isOther = ({ kind, part, name }: SheetInfo) => kind === "worksheet" && part !== undefined && !isHelperSheet(name)
  const others = workbook.sheets.filter((sheet) => isOther(sheet) && !known.has(sheet))
  const filled: SheetInfo[] = []
  for (const sheet of others.slice(0, mostLooks)) if (await hasCells(workbook, sheet)) filled.push(sheet)
  return filled
}

async function hasCells(workbook: Workbook, sheet: SheetInfo): Promise<boolean> {
  const strings = await workbook.sharedStrings()
  for await (const block of workbook.cells(sheet)) {
    for (let cell = 0; cell < block.length; cell++) if (!block.isEmptyText(cell, strings)) return true
  }
  return false
}

function noticeOf(taken: SheetInfo, others: readonly SheetInfo[]): readonly TableNotice[] {
  if (others.length === 0) return []
  const names = [...others]
    .sort((one, other) => one.index - other.index)
    .map(({ name, hidden }) => `"${shownText(name)}"${hidden ? " (hidden)" : ""}`)
  const shown = names.slice(0, mostNames)
  const rest = names.length - shown.length
  const list = rest > 0 ? `${shown.join(", ")} and ${rest} more` : listOf(shown)
  const message = `Only the sheet "${shownText(taken.name)}" was read. ${others.length === 1 ? "Another sheet has" : "Other sheets have"} cells too: ${list}; the option sheet chooses one.`
  return [{ code: "sheet.others", message }]
}

function listOf(names: readonly string[]): string {
  return names.length === 1 ? (names[0] ?? "") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`
}

function noWorksheet(workbook: Workbook): RowgateError {
  return new RowgateError({
    code: "TABLE_NOT_FOUND",
    message: "The workbook has no worksheet.",
    remedy: "Save the workbook again with the sheet that holds the table.",
    origin: { uri: workbook.uri },
  })
}
