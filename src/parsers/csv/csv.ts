import type { Parser } from "../../contract/parser.ts"
import { checkOptions } from "../../options/check-options.ts"
import { type CsvOptions, type CsvSettings, csvOptionSpec, csvSettings } from "./csv-options.ts"

/**
 * Reads delimited text such as csv and tsv. It detects the encoding, delimiter, quotes, line ends, comments and header from the first 256 KiB of
 * the file. The table's facts list each finding with its evidence and confidence. Set an option to declare it yourself.
 *
 * Fields are text, byte for byte; an empty field is an empty text. A record with too few or too many fields becomes a rejected row with its text
 * (`row.ragged`), unless the kinds of the columns prove where its fields belong (warnings `csv.unquoted_delimiter`, `csv.other_delimiter`,
 * `csv.trailing_delimiter`, `csv.line_end`). A row is also rejected if its quote is never closed (`csv.unclosed_quote`), if it repeats the
 * header (`header.repeated`), or if it contains NUL (`text.nul`) or bytes that are invalid in the encoding (`text.invalid_utf8`,
 * `text.undecodable`).
 *
 * Blank lines are skipped, except inside a table of one column. Rows of only delimiters at the end of the file are skipped too. Trailing fields
 * that have no name, and no value in the sample, are not columns. A first line `sep=;` declares the delimiter. Lines above the table, and tables
 * below it, are skipped with a notice (`csv.preamble`, `table.second`). If the encoding is uncertain, a notice says so (`encoding.doubt`). Totals, and notes in
 * the last rows, get a warning (`table.total`, `table.note`).
 *
 * Fails with `SOURCE_EMPTY`, `HEADER_NOT_FOUND` if no record begins on the line that `header` names, `ENCODING_INVALID`, `LIMIT_EXCEEDED` or
 * `CONFIG_INVALID`.
 *
 * @example
 * ```ts run
 * import { bytes, createPipeline, csv } from "rowgate"
 *
 * const orders = createPipeline({ name: "orders" }).from(bytes("id;town\n17;Ulm\n")).parse(csv({ delimiter: ";", header: 1 }))
 * for await (const order of orders.rows()) console.log(order) // => { id: '17', town: 'Ulm' }
 * ```
 */
export function csv(options: CsvOptions = {}): Parser {
  checkOptions("csv()", options, csvOptionSpec)
  return delimited("csv", csvSettings(options))
}

/**
 * Reads text with tabs between fields, like `csv({ delimiter: "\t" })`.
 *
 * @example
 * ```ts run
 * import { bytes, createPipeline, tsv } from "rowgate"
 *
 * const orders = createPipeline({ name: "orders" }).from(bytes("id\ttown\n17\tUlm\n")).parse(tsv({ header: 1 }))
 * for await (const order of orders.rows()) console.log(order) // => { id: '17', town: 'Ulm' }
 * ```
 */
export function tsv(options: Omit<CsvOptions, "delimiter"> = {}): Parser {
  checkOptions("tsv()", options, delimitedSpec)
  return delimited("tsv", csvSettings({ ...options, delimiter: "\t" }))
}

/**
 * Reads text with pipes between fields, like `csv({ delimiter: "|" })`.
 *
 * @example
 * ```ts run
 * import { bytes, createPipeline, psv } from "rowgate"
 *
 * const orders = createPipeline({ name: "orders" }).from(bytes("id|town\n17|Ulm\n")).parse(psv({ header: 1 }))
 * for await (const order of orders.rows()) console.log(order) // => { id: '17', town: 'Ulm' }
 * ```
 */
export function psv(options: Omit<CsvOptions, "delimiter"> = {}): Parser {
  checkOptions("psv()", options, delimitedSpec)
  return delimited("psv", csvSettings({ ...options, delimiter: "|" }))
}

const { delimiter: _known, ...delimitedSpec } = csvOptionSpec

/** Loads the reading code with the first file, so that a program that only defines its pipeline does not load it. */
function delimited(name: string, settings: CsvSettings): Parser {
  return {
    name,
    async *parse(file, context) {
      const { readCsv } = await import("./read-csv.ts")
      yield* readCsv(file, settings, context)
    },
  }
}
