import type { Source } from "../../contract/source.ts"
import { checkArgument } from "../../options/check-argument.ts"
import { checkOptions } from "../../options/check-options.ts"
import { abortSignal, options as group } from "../../options/option-kinds.ts"
import { type AutoParserOptions, formatOptionSpec } from "../../parsers/auto.ts"
import type { FoundFile } from "../../parsers/files/found-files.ts"
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
 * @example
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
  const { entriesOfFile } = await import("./entries-of-file.ts")
  for await (const file of abortable(source.files(context), context.signal)) yield* entriesOfFile(file, formats, context)
}
