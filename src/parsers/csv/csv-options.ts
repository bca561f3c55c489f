import { RowgateError } from "../../errors/rowgate-error.ts"
import type { OptionKind, OptionSpec } from "../../options/option-kind.ts"
import { anyText, either, flag, kind, limit, list, oneOf, options, position, text } from "../../options/option-kinds.ts"
import { encodingName } from "../encoding/encoding-name.ts"
import type { DeclaredDialect } from "./dialect/detect-dialect.ts"

/** Limits of delimited text. A file that exceeds one fails with `LIMIT_EXCEEDED`; the message names the option. */
export interface CsvLimits {
  /** The most bytes of a field. Default: 1 MiB. */
  readonly cellBytes?: number | undefined
  /** The most bytes of a record. Default: 8 MiB. */
  readonly recordBytes?: number | undefined
  /** The most fields of a record. Default: 16,384. */
  readonly columns?: number | undefined
}

/** Options of `csv`. What you leave out is detected from the first 256 KiB of the file. An invalid option throws `CONFIG_INVALID`. */
export interface CsvOptions {
  /** The text between fields: `","`, `";"`, `"\t"`, or several characters such as `"||"`. Use null for a table of one column. */
  readonly delimiter?: string | null | undefined
  /** The ASCII character that encloses fields with delimiters or line ends. Use null if no field is quoted. */
  readonly quote?: string | null | undefined
  /**
   * The ASCII character that escapes a quote, such as `"\\"`, in addition to doubling it. Use null if quotes are only doubled. It is text in fields
   * without quotes; with `quote: null`, it escapes delimiters and line ends in any field.
   */
  readonly escape?: string | null | undefined
  /** `"\n"` or `"\r\n"`: lines end in LF or CR LF. `"\r"`: a CR alone also ends a line. */
  readonly lineEnd?: "\n" | "\r\n" | "\r" | undefined
  /** The text that comment lines begin with. Use null if there are none. */
  readonly comment?: string | null | undefined
  /** Whether to ignore spaces around fields. Quoted fields keep those within the quotes. */
  readonly padding?: boolean | undefined
  /** Whether to treat consecutive delimiters as one, as in aligned columns. */
  readonly collapsed?: boolean | undefined
  /** Whether the file has a header, or the number of the line where it begins, counted from 1. Lines above that line are skipped. */
  readonly header?: boolean | number | undefined
  /** How many records the header has. Their cells are joined column by column. */
  readonly headerRows?: number | undefined
  /** Names for the columns, instead of those in the header. A field that you name is a column even if it is empty in every record. */
  readonly names?: readonly string[] | undefined
  /** How many lines to skip at the beginning of the file. Default: 0. Lines above a detected header are skipped in any case. */
  readonly skipLines?: number | undefined
  /**
   * An encoding: a name of the WHATWG Encoding Standard such as `"utf-8"`, `"windows-1252"` or `"shift_jis"`, or `"cp437"`, `"cp850"`, `"cp852"`,
   * `"cp857"` or `"cp858"`. A byte order mark takes precedence.
   */
  readonly encoding?: string | undefined
  /**
   * What to do with a record that has too few or too many fields: `"reject"` it (default), or `"keep"` it with a warning and null for missing
   * fields.
   */
  readonly ragged?: "reject" | "keep" | undefined
  /**
   * What to do with totals and notes in the last rows, which labels and blank cells give away: `"keep"` them with a warning (default), or `"drop"`
   * them. Dropped rows count as filtered.
   */
  readonly footer?: "keep" | "drop" | undefined
  /**
   * Which tables to read if several stand below each other: the `"first"` one (default), with a notice about the others (`table.second`), or
   * `"all"`, each as a table of its own, named `file.csv`, `file.csv (2)` and so on.
   */
  readonly tables?: "first" | "all" | undefined
  /** Limits on the size of fields and records. */
  readonly limits?: CsvLimits | undefined
}

/** The values that the options of `csv` accept. */
export const csvOptionSpec: OptionSpec<CsvOptions> = {
  delimiter: kind("a string without line ends, or null", (value) => value === null || isPlainText(value)),
  quote: characterKind(),
  escape: characterKind(),
  lineEnd: oneOf("\n", "\r\n", "\r"),
  comment: kind("the string that comment lines begin with, or null", (value) => value === null || isPlainText(value)),
  padding: flag(),
  collapsed: flag(),
  header: either(flag(), position()),
  headerRows: position(),
  names: list(anyText()),
  skipLines: position(0),
  encoding: text(),
  ragged: oneOf("reject", "keep"),
  footer: oneOf("keep", "drop"),
  tables: oneOf("first", "all"),
  limits: options<CsvLimits>({ cellBytes: limit(1), recordBytes: limit(1), columns: limit(1) }),
}

function isPlainText(value: unknown): boolean {
  return typeof value === "string" && value !== "" && !/[\r\n]/.test(value)
}

function characterKind(): OptionKind<string | null> {
  const isCharacter = (value: unknown) => typeof value === "string" && /^[\u0001-\u0009\u000b\u000c\u000e-\u007e]$/.test(value)
  return kind("one ASCII character, or null", (value) => value === null || isCharacter(value))
}

/** Checked options with their defaults. */
export interface CsvSettings {
  readonly declared: DeclaredDialect
  readonly header: boolean | number | undefined
  readonly headerRows: number | undefined
  readonly names: readonly string[] | undefined
  readonly skipLines: number
  readonly encoding: string | undefined
  readonly keepRagged: boolean
  readonly dropFooter: boolean
  readonly allTables: boolean
  readonly limits: { readonly cellBytes: number; readonly recordBytes: number; readonly columns: number }
}

export function csvSettings(given: CsvOptions): CsvSettings {
  const { delimiter, quote, escape: escaping, lineEnd, comment, padding, collapsed } = given
  const { header, headerRows, names, skipLines = 0, encoding, limits = {} } = given
  const { cellBytes = 1 << 20, recordBytes = 8 << 20, columns = 16_384 } = limits
  if (quote !== undefined && quote !== null && quote === delimiter) throw quoteIsDelimiter(quote)
  return {
    declared: {
      delimiter,
      quote,
      escape: escaping !== undefined && escaping === quote ? null : escaping,
      lineEnd: lineEnd === "\r\n" ? "\n" : lineEnd,
      comment,
      padding,
      collapsed,
    },
    header,
    headerRows,
    names,
    skipLines,
    encoding: encoding === undefined ? undefined : encodingName(encoding),
    keepRagged: given.ragged === "keep",
    dropFooter: given.footer === "drop",
    allTables: given.tables === "all",
    limits: { cellBytes, recordBytes, columns },
  }
}

function quoteIsDelimiter(quote: string): RowgateError {
  return new RowgateError({
    code: "CONFIG_INVALID",
    message: `The quote and the delimiter of csv() are both ${JSON.stringify(quote)}.`,
    remedy: "Give quote another character, or leave it out to have it detected.",
  })
}
