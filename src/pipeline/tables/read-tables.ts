import type { Parser } from "../../contract/parser.ts"
import { parserKind } from "../../contract/part-kinds.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"
import type { Batch, Batches } from "../../model/batch.ts"
import type { Row } from "../../model/cell-value.ts"
import type { TableFacts, TableNotice } from "../../model/table-facts.ts"
import { checkArgument } from "../../options/check-argument.ts"
import { checkOptions } from "../../options/check-options.ts"
import { defined } from "../../options/defined.ts"
import type { OptionSpec } from "../../options/option-kind.ts"
import { abortSignal, either, options as group, oneOf, position, whole } from "../../options/option-kinds.ts"
import { type AutoParserOptions, autoParser, formatOptionSpec } from "../../parsers/auto.ts"
import { sheetKind } from "../../parsers/xlsx/xlsx-options.ts"
import { inputKind, type SourceInput, sourceOf } from "../build/source-of.ts"
import { abortable } from "../run/aborted.ts"
import { readContext } from "./read-context.ts"
import { rowsInTurns } from "./rows-in-turns.ts"

/** Options of `readTables`. */
export interface ReadTablesOptions {
  /** The parser of every file. Default: each file's format is detected from its bytes. */
  readonly parser?: Parser | undefined
  /** Which sheets of a workbook: a name, a position counted from 1, or a pattern. Default: all, hidden ones too. */
  readonly sheet?: string | number | RegExp | undefined
  /** The row or line of the header, from 1; false if there is none. Default: detected. */
  readonly header?: number | false | undefined
  /** Options of the parsers, by format. `sheet` and `header` override them. */
  readonly formats?: AutoParserOptions | undefined
  /** Aborts the reading. */
  readonly signal?: AbortSignal | undefined
  /** The most rows in a batch. Default: 8,192, for csv 4,096; the first batches of a csv file are smaller. */
  readonly batchRows?: number | undefined
}

/** A table of a file. You can read it once, before you request the next table. */
export interface Table extends TableFacts {
  /** The URI of its file. */
  readonly uri: string
  /** The version of the file, if its source has versions. */
  readonly version: string | undefined
  readonly hidden: boolean
  readonly notices: readonly TableNotice[]
  /** Its rows as objects. Rows that could not be read are left out; `batches` has their issues. */
  rows(): AsyncIterable<Row>
  /** Its rows by column, with the origin and the issues of each row. */
  batches(): Batches<Row>
}

/**
 * Reads the tables of a file, or of every file of a source, one after another, without a pipeline: a path, a `file:` URL, bytes, or a `Source`.
 *
 * A table that you do not read is skipped. Throws the errors of the source and the parsers, `ABORTED` after the signal is aborted, and
 * `CONFIG_INVALID` if you read a table after you requested the next one.
 *
 * @example
 * ```ts typecheck
 * import { readTables } from "rowgate"
 *
 * for await (const table of readTables("book.xlsx"))
 *   for await (const row of table.rows()) console.log(table.name, row)
 * ```
 */
export function readTables(source: SourceInput, options: ReadTablesOptions = {}): AsyncGenerator<Table, void, undefined> {
  checkArgument("readTables()", source, inputKind())
  checkOptions("readTables()", options, readTablesSpec)
  return tablesOf(source, options)
}

/** What the options of `readTables` take. */
export const readTablesSpec: OptionSpec<ReadTablesOptions> = {
  parser: parserKind<Row>(),
  sheet: sheetKind(),
  header: either(position(), oneOf(false)),
  formats: group<AutoParserOptions>(formatOptionSpec),
  signal: abortSignal(),
  batchRows: whole(1),
}

/** The tables of a source, with options that were checked. */
export async function* tablesOf(input: SourceInput, options: ReadTablesOptions): AsyncGenerator<Table, void, undefined> {
  const source = sourceOf(input)
  const context = readContext(options.signal, options.batchRows)
  const parser = options.parser ?? autoParser(formatsOf(options))
  for await (const each of abortable(source.files(context), context.signal)) {
    const batches = abortable(parser.parse(each, context), context.signal)
    try {
      let next: Step = await batches.next()
      while (next.done !== true) {
        const table = new TableReading(next.value, batches, each.uri, each.version)
        yield table
        next = await table.rest()
      }
    } finally {
      await batches.return()
    }
  }
}

/** Options of the parsers, which `sheet` and `header` override. */
function formatsOf({ sheet, header, formats = {} }: ReadTablesOptions): AutoParserOptions {
  const headed = defined({ header })
  return {
    ...formats,
    csv: { ...formats.csv, ...headed },
    json: { ...formats.json, ...headed },
    ndjson: { ...formats.ndjson, ...headed },
    xlsx: { sheet: /(?:)/, hiddenSheets: "read", ...defined(formats.xlsx), ...defined({ sheet }), ...headed },
  }
}

type Step = IteratorResult<Batch<Row>, unknown>

/** The current table. Its first batch has been read; the others are read on request. */
class TableReading implements Table {
  readonly uri: string
  readonly version: string | undefined
  readonly name: string
  readonly header: readonly string[]
  readonly hidden: boolean
  readonly notices: readonly TableNotice[]
  readonly facts: NonNullable<TableFacts["facts"]>
  readonly #facts: TableFacts
  readonly #batches: AsyncIterator<Batch<Row>>
  /** What was read but not yet given out: a batch of this table, or the first batch of the next one. */
  #held: Step | undefined
  #state: "fresh" | "reading" | "left" = "fresh"

  constructor(first: Batch<Row>, batches: AsyncIterator<Batch<Row>>, uri: string, version: string | undefined) {
    const { name, header, hidden = false, notices = [], facts = {} } = first.table
    this.name = name
    this.header = header
    this.hidden = hidden
    this.notices = notices
    this.facts = facts
    this.uri = uri
    this.version = version
    this.#facts = first.table
    this.#batches = batches
    this.#held = { value: first, done: false }
  }

  rows(): AsyncIterable<Row> {
    return rowsInTurns(this.batches())
  }

  async *batches(): Batches<Row> {
    if (this.#state !== "fresh") throw this.#spent()
    this.#state = "reading"
    for (;;) {
      const next = await this.#ahead()
      if (!this.#isOurs(next)) return
      // Request the next batch only when the reader is done with this one.
      this.#held = undefined
      yield next.value
      if (this.#state !== "reading") throw this.#spent()
    }
  }

  /** Skips what was not read, and returns what follows this table. */
  async rest(): Promise<Step> {
    this.#state = "left"
    for (;;) {
      const next = await this.#ahead()
      if (!this.#isOurs(next)) return next
      this.#held = undefined
    }
  }

  async #ahead(): Promise<Step> {
    this.#held ??= await this.#batches.next()
    return this.#held
  }

  #isOurs(next: Step): next is IteratorYieldResult<Batch<Row>> {
    return next.done !== true && next.value.table === this.#facts
  }

  #spent(): RowgateError {
    return new RowgateError({
      code: "CONFIG_INVALID",
      message: `The table "${this.name}" can be read only once, before the next table is requested.`,
      remedy: "Read it inside the loop, and keep rows that you need twice.",
      origin: { uri: this.uri, table: this.name },
    })
  }
}
