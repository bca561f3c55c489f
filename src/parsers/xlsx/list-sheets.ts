import type { ZipArchive } from "../zip/zip-archive.ts"
import type { Relationship } from "./relationships.ts"
import type { SheetInfo } from "./sheet-info.ts"
import type { WorkbookReader } from "./workbook-part.ts"

const sheetKinds: { readonly [relationship: string]: SheetInfo["kind"] } = {
  worksheet: "worksheet",
  chartsheet: "chartsheet",
  dialogsheet: "dialogsheet",
  xlMacrosheet: "macrosheet",
  xlIntlMacrosheet: "macrosheet",
}

/** Sheets in the order of the workbook, each with its part. */
export function listSheets(zip: ZipArchive, part: string, read: WorkbookReader, relationships: readonly Relationship[]): SheetInfo[] {
  const byId = new Map(relationships.map((one) => [one.id, one]))
  const unrelated = relationships.length === 0 ? worksheetsByName(zip, part) : []
  return read.sheets.map(({ name, relationship, hidden }, index) => {
    const related = byId.get(relationship)
    const named = related?.part ?? unrelated[index]
    // Modules of Excel 5 macros are listed among the sheets, and have no part.
    const unknown = relationship === "" && named === undefined ? "module" : "worksheet"
    const kind = related === undefined ? unknown : (sheetKinds[related.type] ?? "worksheet")
    return { name, index, hidden, kind, part: named === undefined || zip.find(named) === undefined ? undefined : named }
  })
}

/** Worksheet parts by number, for a workbook whose relationships are missing. */
function worksheetsByName(zip: ZipArchive, part: string): string[] {
  const folder = `${part.slice(0, part.lastIndexOf("/") + 1)}worksheets/`.toLowerCase()
  const number = (name: string) => Number(/(\d+)\.xml$/i.exec(name)?.[1] ?? 0)
  return zip.entries
    .map(({ name }) => name)
    .filter((name) => name.toLowerCase().startsWith(folder) && /\.xml$/i.test(name))
    .sort((one, other) => number(one) - number(other))
}
