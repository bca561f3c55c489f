import type { Parser } from "../../contract/parser.ts"
import type { Source } from "../../contract/source.ts"
import { checkArgument } from "../../options/check-argument.ts"
import { checkOptions } from "../../options/check-options.ts"
import { abortSignal, options as group, oneOf } from "../../options/option-kinds.ts"
import { type AutoParserOptions, formatOptionSpec } from "../../parsers/auto.ts"
import { inputKind, type SourceInput, sourceOf } from "../build/source-of.ts"
import { abortable } from "../run/aborted.ts"
import { readContext } from "./read-context.ts"

/**
 * Which parts of a file become tables of their own. `"files"`: the files of a zip, unless all have the same header. `"sheets"`: also the sheets of
 * a workbook, hidden ones too. `"all"`: every file of a zip, every sheet, every table below another one, and every array of objects in a JSON
 * document.
 */
export type SplitBy = "files" | "sheets" | "all"

/** Options of `splitTables`. */
export interface SplitTablesOptions {
  /** Which parts of a file become tables of their own. Default: `"all"`. */
  readonly by?: SplitBy | undefined
  /** Options of the parsers, by format. */
  readonly formats?: AutoParserOptions | undefined
  /** Aborts the search for tables. */
  readonly signal?: AbortSignal | undefined
}

/** One table of a file, to load by itself. */
export interface SplitTable {
  /** The path of its file in the zip, if it is one of several. */
  readonly member: string | undefined
  /** The name of its sheet, if several sheets have tables. */
  readonly sheet: string | undefined
  /** The JSON pointer of its array, if a document has several. */
  readonly path: string | undefined
  /** Its position from the top of the sheet or file, from 1. */
  readonly number: number
  /** What `parser` reads. */
  readonly source: Source
  /** Reads this table and no other. */
  readonly parser: Parser
}

/**
 * Divides a file, or every file of a source, into its tables, so that each can be a delivery of its own, with its own target.
 *
 * Sheets without rows and cover pages are no tables; the first table of the workbook has the notice `sheet.others` about them. A file of one table
 * is one. Throws the errors of the source and the parsers.
 *
 * @example
 * ```ts typecheck
 * import { createPipeline, memory, splitTables } from "rowgate"
 *
 * for await (const { sheet, number, source, parser } of splitTables("book.xlsx")) {
 *   const name = `${sheet ?? "book"}_${number}`
 *   await createPipeline({ name }).from(source).parse(parser).into(memory()).run()
 * }
 * ```
 */
export function splitTables(source: SourceInput, options: SplitTablesOptions = {}): AsyncGenerator<SplitTable, void, undefined> {
  checkArgument("splitTables()", source, inputKind())
  checkOptions("splitTables()", options, {
    by: oneOf("files", "sheets", "all"),
    formats: group<AutoParserOptions>(formatOptionSpec),
    signal: abortSignal(),
  })
  return tablesOf(sourceOf(source), options)
}

async function* tablesOf(
  source: Source,
  { by = "all", formats = {}, signal }: SplitTablesOptions,
): AsyncGenerator<SplitTable, void, undefined> {
  const context = readContext(signal)
  const { splitFile } = await import("./split-file.ts")
  for await (const file of abortable(source.files(context), context.signal)) yield* await splitFile(file, by, formats, context)
}
