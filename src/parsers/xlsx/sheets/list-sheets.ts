import { RowgateError } from "../../../errors/rowgate-error.ts"
import { shownText } from "../../../errors/shown-text.ts"
import type { ZipArchive } from "../../files/zip/zip-archive.ts"
import type { ZipEntry } from "../../files/zip/zip-entry.ts"
import type { Relationship } from "../package/relationships.ts"
import type { WorkbookReader } from "../package/workbook-part.ts"
import type { SheetInfo } from "./sheet-info.ts"

const sheetKinds: { readonly [relationship: string]: SheetInfo["kind"] } = {
  worksheet: "worksheet",
  chartsheet: "chartsheet",
  dialogsheet: "dialogsheet",
  xlMacrosheet: "macrosheet",
  xlIntlMacrosheet: "macrosheet",
}

/** Lists the sheets in the order of the workbook, each with its part. */
export function listSheets(zip: ZipArchive, part: string, read: WorkbookReader, relationships: readonly Relationship[]): SheetInfo[] {
  const byId = new Map(relationships.map((one) => [one.id, one]))
  const unrelated = relationships.length === 0 ? worksheetsByName(zip, part) : []
  const taken = new Map<ZipEntry, string>()
  return read.sheets.map(({ name, relationship, hidden }, index) => {
    const related = byId.get(relationship)
    const named = related?.part ?? unrelated[index]
    // Modules of Excel 5 macros are listed among the sheets, but have no part.
    const unknown = relationship === "" && named === undefined ? "module" : "worksheet"
    const kind = related === undefined ? unknown : (sheetKinds[related.type] ?? "worksheet")
    const entry = named === undefined ? undefined : zip.find(named)
    if (entry === undefined) return { name, index, hidden, kind, part: undefined }
    const other = taken.get(entry)
    if (other !== undefined) throw sharedPart(zip.uri, other, name)
    taken.set(entry, name)
    return { name, index, hidden, kind, part: named }
  })
}

/** Worksheet parts in the order of their numbers, for a workbook without relationships. */
function worksheetsByName(zip: ZipArchive, part: string): string[] {
  const folder = `${part.slice(0, part.lastIndexOf("/") + 1)}worksheets/`.toLowerCase()
  return zip.entries
    .filter(({ name }) => name.toLowerCase().startsWith(folder) && /\.xml$/i.test(name))
    .map(({ name }) => ({ name, number: numberOf(name) }))
    .sort((one, other) => one.number - other.number)
    .map(({ name }) => name)
}

/** The number before `.xml`, or 0. Parsed by hand, because a regular expression would take quadratic time for a long name of digits. */
function numberOf(name: string): number {
  const end = name.length - ".xml".length
  let start = end
  while (start > 0 && end - start < 15 && isDigit(name.charCodeAt(start - 1))) start--
  return Number(name.slice(start, end))
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57
}

/** The error for two sheets with one part. No program writes this, and a thousand sheets with one part would make a small file read like a huge one. */
function sharedPart(uri: string, one: string, other: string): RowgateError {
  return new RowgateError({
    code: "FILE_HOSTILE",
    message: `The sheets "${shownText(one)}" and "${shownText(other)}" of the workbook are stored in the same part of the file.`,
    remedy: "Do not trust this file; ask the sender for a new one.",
    origin: { uri, table: other },
  })
}
