import type { Parser } from "../../contract/parser.ts"
import { type CsvOptions, type CsvSettings, csvSettings } from "./csv-options.ts"

/**
 * Reads delimited text: csv, tsv and their kin. Encoding, delimiter, quotes, line ends, comments and the header are detected from the first
 * 256 KiB of the file and stand in the table's facts, each with its evidence and confidence; an option declares them instead.
 *
 * Fields are text, byte for byte; an empty field is an empty text. A record with too few or too many fields is a rejected row with its text
 * (`row.ragged`), unless the kinds of the columns prove where its fields belong (`csv.unquoted_delimiter`, `csv.other_delimiter`,
 * `csv.trailing_delimiter`, `csv.line_end`, warnings). So is one whose quote is never closed (`csv.unclosed_quote`), that repeats the header
 * (`csv.repeated_header`), or that holds NUL (`text.nul`) or bytes of another encoding (`text.invalid_utf8`, `text.undecodable`). Blank
 * lines, but for those within a table of one column, and rows of nothing but delimiters at the end of the file are no rows. Fields at the
 * end of records that have no name and no value in the sample are no columns. A first line `sep=;` names the delimiter.
 *
 * Fails with `SOURCE_EMPTY`, `HEADER_NOT_FOUND` where the declared line holds none, `ENCODING_INVALID`, `LIMIT_EXCEEDED`, `CONFIG_INVALID`.
 */
export function csv(options: CsvOptions = {}): Parser {
  return delimited("csv", csvSettings(options))
}

/** Reads text with tabs between fields. As `csv({ delimiter: "\t" })`. */
export function tsv(options: Omit<CsvOptions, "delimiter"> = {}): Parser {
  return delimited("tsv", csvSettings({ ...options, delimiter: "\t" }))
}

/** Reads text with pipes between fields. As `csv({ delimiter: "|" })`. */
export function psv(options: Omit<CsvOptions, "delimiter"> = {}): Parser {
  return delimited("psv", csvSettings({ ...options, delimiter: "|" }))
}

/** What reads is loaded with the first file: a program that only describes its pipeline does not carry it. */
function delimited(name: string, settings: CsvSettings): Parser {
  return {
    name,
    async *parse(file, context) {
      const { readCsv } = await import("./read-csv.ts")
      yield* readCsv(file, settings, context)
    },
  }
}
