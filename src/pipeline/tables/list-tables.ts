import type { Source } from "../../contract/source.ts"
import { checkArgument } from "../../options/check-argument.ts"
import { checkOptions } from "../../options/check-options.ts"
import { abortSignal, options as group } from "../../options/option-kinds.ts"
import { type AutoParserOptions, formatOptionSpec } from "../../parsers/auto.ts"
import type { FoundFile } from "../../parsers/files/found-files.ts"
import { tableName } from "../../parsers/table-name.ts"
import { inputKind, type SourceInput, sourceOf } from "../build/source-of.ts"
import { abortable } from "../run/aborted.ts"
import { readContext } from "./read-context.ts"

/** Options of `listTables`. */
export interface ListTablesOptions {
  /** Options of the parsers. Their limits apply here too. */
  readonly formats?: AutoParserOptions | undefined
  /** Aborts the listing. */
  readonly signal?: AbortSignal | undefined
}

/** A table of a file, before any of its cells is read. */
export interface TableEntry {
  /** The URI of its file; for a file in an archive, its place in the archive. */
  readonly uri: string
  /** The version of the file, if its source has versions. */
  readonly version: string | undefined
  /** The name of the sheet, or the file's name without its folders. */
  readonly name: string
  /** The format, detected from the bytes and not from the name. */
  readonly format: FoundFile["format"]
  /** The position of the sheet in the workbook, from 1, as `sheet` takes it; undefined for other formats. */
  readonly sheet: number | undefined
  /** Whether the workbook hides the sheet. */
  readonly hidden: boolean
  /** The range of cells that the workbook states, such as `A1:H90`. It may be wrong; undefined if none is stated. */
  readonly range: string | undefined
}

/**
 * Lists the tables of a file, or of every file of a source, without reading their cells, so you can choose what `readTables` reads.
 *
 * Lists every worksheet of a workbook, hidden ones too, and every file of a zip; in other formats the file is one table. Throws the errors of the
 * source, of the detection of formats, and of opening a workbook.
 *
 * ```ts typecheck
 * import { listTables } from "rowgate"
 *
 * for await (const { name, hidden, range } of listTables("book.xlsx")) console.log(name, hidden, range)
 * ```
 */
export function listTables(source: SourceInput, options: ListTablesOptions = {}): AsyncGenerator<TableEntry, void, undefined> {
  checkArgument("listTables()", source, inputKind())
  checkOptions("listTables()", options, { formats: group<AutoParserOptions>(formatOptionSpec), signal: abortSignal() })
  return entriesOf(sourceOf(source), options)
}

async function* entriesOf(source: Source, { formats = {}, signal }: ListTablesOptions): AsyncGenerator<TableEntry, void, undefined> {
  const context = readContext(signal)
  const { foundFiles } = await import("../../parsers/files/found-files.ts")
  for await (const each of abortable(source.files(context), context.signal)) {
    for await (const found of abortable(foundFiles(each, formats.limits), context.signal)) {
      if (found.format === "xlsx") yield* sheetsOf(found, each.version, formats, context.signal)
      else yield entryOf(found, each.version)
    }
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
