import { RowgateError } from "../../errors/rowgate-error.ts"
import { encodingName } from "../encoding/to-utf8.ts"
import type { DeclaredDialect } from "./dialect/detect-dialect.ts"

/** Limits of delimited text. A file that passes one is refused with `LIMIT_EXCEEDED`, which names the option. */
export interface CsvLimits {
  /** Most bytes of one field. Default 1 MiB. */
  readonly cellBytes?: number | undefined
  /** Most bytes of one record. Default 8 MiB. */
  readonly recordBytes?: number | undefined
  /** Most fields of one record. Default 16,384. */
  readonly columns?: number | undefined
}

/** Options of `csv`. Whatever is left out is detected from the first part of the file. */
export interface CsvOptions {
  /** What stands between fields: `","`, `";"`, `"\t"`, or several characters such as `"||"`; null where the table has one column. */
  readonly delimiter?: string | null | undefined
  /** What fields with delimiters or line ends in them stand in, one ASCII character; null where nothing is quoted. */
  readonly quote?: string | null | undefined
  /** What makes a quote within quotes plain, beside doubling it, one ASCII character such as `"\\"`; null where quotes are doubled only. */
  readonly escape?: string | null | undefined
  /** `"\n"` and `"\r\n"`: lines end in LF, or in CR LF. `"\r"`: a CR alone ends a line too. */
  readonly lineEnd?: "\n" | "\r\n" | "\r" | undefined
  /** What a line of comment begins with; null where there are none. */
  readonly comment?: string | null | undefined
  /** Whether spaces after a delimiter are no data. */
  readonly padding?: boolean | undefined
  /** Whether delimiters in a row count as one, as in aligned columns. */
  readonly collapsed?: boolean | undefined
  /** Whether there is a header, or the one-based line on which it begins. */
  readonly header?: boolean | number | undefined
  /** How many records make the header. They are joined, column by column. */
  readonly headerRows?: number | undefined
  /** Names of the columns, in place of those of the header. Fields that they name are columns even where nothing but delimiters makes them. */
  readonly names?: readonly string[] | undefined
  /** Lines to pass over at the beginning of the file. Default 0; lines above a detected header are passed over anyway. */
  readonly skipLines?: number | undefined
  /** A name of the WHATWG encoding standard: `"utf-8"`, `"windows-1252"`, `"shift_jis"`; or `"cp437"`, `"cp850"`, `"cp852"`, `"cp858"`. A byte order mark wins over it. */
  readonly encoding?: string | undefined
  /** What becomes of a record with too few or too many fields: `"reject"` (default), or `"keep"` with nulls for what is missing and a warning. */
  readonly ragged?: "reject" | "keep" | undefined
  /** How much a file may hold. */
  readonly limits?: CsvLimits | undefined
}

/** Options that were checked, with their defaults. */
export interface CsvSettings {
  readonly declared: DeclaredDialect
  readonly header: boolean | number | undefined
  readonly headerRows: number | undefined
  readonly names: readonly string[] | undefined
  readonly skipLines: number
  readonly encoding: string | undefined
  readonly keepRagged: boolean
  readonly limits: { readonly cellBytes: number; readonly recordBytes: number; readonly columns: number }
}

export function csvSettings(options: CsvOptions): CsvSettings {
  const { delimiter, quote, escape: escaping, lineEnd, comment, padding, collapsed } = options
  const { header, headerRows, names, skipLines = 0, encoding, limits = {} } = options
  const { cellBytes = 1 << 20, recordBytes = 8 << 20, columns = 16_384 } = limits
  check(
    delimiter === undefined || delimiter === null || (delimiter !== "" && !/[\r\n]/.test(delimiter)),
    "delimiter",
    "a text without line ends",
  )
  for (const [option, value] of Object.entries({ quote, escape: escaping }))
    check(value === undefined || value === null || /^[\u0001-\u0009\u000b\u000c\u000e-\u007e]$/.test(value), option, "one ASCII character")
  check(comment === undefined || comment === null || comment !== "", "comment", "the characters that a line of comment begins with")
  check(quote === undefined || quote === null || quote !== delimiter, "quote", "another character than the delimiter")
  check(header === undefined || typeof header === "boolean" || isCount(header, 1), "header", "true, false or the number of a line, from 1")
  check(headerRows === undefined || isCount(headerRows, 1), "headerRows", "a whole number from 1")
  check(isCount(skipLines, 0), "skipLines", "a whole number from 0")
  for (const [limit, value] of Object.entries({ cellBytes, recordBytes, columns })) check(value >= 1, `limits.${limit}`, "a number from 1")
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
    keepRagged: options.ragged === "keep",
    limits: { cellBytes, recordBytes, columns },
  }
}

function isCount(value: number, least: number): boolean {
  return Number.isSafeInteger(value) && value >= least
}

function check(holds: boolean, option: string, wanted: string): void {
  if (holds) return
  throw new RowgateError({
    code: "CONFIG_INVALID",
    message: `The option ${option} of csv must be ${wanted}.`,
    remedy: `Correct ${option}, or leave it out to have it detected.`,
  })
}
