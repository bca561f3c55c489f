import type { Context } from "../../contract/context.ts"
import type { SourceFile } from "../../contract/source.ts"
import type { AutoParserOptions } from "../../parsers/auto.ts"
import { type FoundFile, foundFiles } from "../../parsers/files/found-files.ts"
import { tableName } from "../../parsers/table-name.ts"
import { abortable } from "../run/aborted.ts"
import type { TableEntry } from "./list-tables.ts"

/** The tables of one file. */
export async function* entriesOfFile(
  file: SourceFile,
  formats: AutoParserOptions,
  { signal }: Context,
): AsyncGenerator<TableEntry, void, undefined> {
  for await (const found of abortable(foundFiles(file, formats.limits), signal)) {
    if (found.format === "xlsx") yield* sheetsOf(found, file.version, formats, signal)
    else yield entryOf(found, file.version)
  }
}

async function* sheetsOf(
  found: FoundFile,
  version: string | undefined,
  formats: AutoParserOptions,
  signal: AbortSignal,
): AsyncGenerator<TableEntry, void, undefined> {
  const { Workbook } = await import("../../parsers/xlsx/workbook.ts")
  await using workbook = await Workbook.open(found.file, formats.xlsx?.limits, signal)
  for (const sheet of workbook.sheets) {
    if (sheet.kind !== "worksheet") continue
    const { name, index, hidden } = sheet
    yield { ...entryOf(found, version), name, sheet: index + 1, hidden, range: await workbook.statedRange(sheet) }
  }
}

function entryOf({ file: { uri }, format }: FoundFile, version: string | undefined): TableEntry {
  return { uri, version, name: tableName(uri), format, sheet: undefined, hidden: false, range: undefined }
}
