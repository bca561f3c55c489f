import type { Source } from "../../contract/source.ts"
import { checkArgument } from "../../options/check-argument.ts"
import { checkOptions } from "../../options/check-options.ts"
import { abortSignal, options as group } from "../../options/option-kinds.ts"
import { type AutoParserOptions, formatOptionSpec } from "../../parsers/auto.ts"
import { type FoundFile, foundFiles } from "../../parsers/files/found-files.ts"
import { tableName } from "../../parsers/table-name.ts"
import { inputKind, type SourceInput, sourceOf } from "../build/source-of.ts"
import { abortable } from "../run/aborted.ts"
import { readContext } from "./read-context.ts"

/** Options of `listTables`. */
export interface ListTablesOptions {
  /** Options of the parsers: their limits hold here too. */
  readonly formats?: AutoParserOptions | undefined
  /** Ends the listing. */
  readonly signal?: AbortSignal | undefined
}

/** A table that a file holds, before any of its cells was read. */
export interface TableEntry {
  /** The file that it stands in; of a packed one its place in what packs it. */
  readonly uri: string
  /** The version of the file, where its source has versions. */
  readonly version: string | undefined
  /** The sheet, or the file's name without its folders. */
  readonly name: string
  /** As its bytes tell, whatever the file is called. */
  readonly format: FoundFile["format"]
  /** Position of the sheet among all that the workbook lists, counted from 1, as `sheet` takes it; undefined for other formats. */
  readonly sheet: number | undefined
  /** A sheet that the workbook hides. */
  readonly hidden: boolean
  /** Where the workbook says that the sheet's cells stand, such as `A1:H90`. It may be wrong, and is undefined where nothing is said. */
  readonly range: string | undefined
}

/**
 * Lists the tables of a file, or of every file of a source, without reading their cells: to choose what `readTables` is to read.
 *
 * Worksheets of a workbook, hidden ones too; each file of a zip; of other formats the file itself. Fails as the source, the detection of
 * formats and the opening of a workbook do.
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
