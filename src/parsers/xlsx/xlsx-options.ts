import type { OptionKind, OptionSpec } from "../../options/option-kind.ts"
import { either, kind, oneOf, position, text } from "../../options/option-kinds.ts"
import { type XlsxLimits, xlsxLimitsKind } from "./xlsx-limits.ts"

/** Options of `xlsx`. */
export interface XlsxOptions {
  /**
   * The sheet to read: its name, its position counted from 1, or a pattern. A pattern reads every visible worksheet that it matches, each as a
   * table. A string of digits is a position if no sheet has that name. Throws `TABLE_NOT_FOUND` if there is no such sheet.
   * Default: the first visible worksheet with cells, but no cover page if another sheet holds a table.
   */
  readonly sheet?: string | number | RegExp | undefined
  /** Set to `"read"` to make a pattern match hidden sheets too. Default: `"skip"`. */
  readonly hiddenSheets?: "read" | "skip" | undefined
  /**
   * The name of a table that the workbook defines ("Format as Table"), to read it instead of a whole sheet. Its definition states the header row, and
   * its totals rows are left out. Throws `TABLE_NOT_FOUND` if there is no such table.
   */
  readonly table?: string | undefined
  /**
   * A part of the sheet to read: `B4:H90`, `B:H`, `Prices!B4:H90`, or the name of a range that the workbook defines. Throws `TABLE_NOT_FOUND` if it
   * is not a range. Default: the whole sheet.
   */
  readonly range?: string | undefined
  /**
   * The row number of the header in the spreadsheet, or false if there is no header. Throws `HEADER_NOT_FOUND` if that row is blank. Default: the
   * header is detected in the first rows.
   */
  readonly header?: number | false | undefined
  /** Where merged cells have their value: `"first"` (the default) in the first cell only, `"fill"` in all of them. */
  readonly merged?: "first" | "fill" | undefined
  /** Whether to read or skip rows that are hidden by hand or by a filter. Default: `"read"`. */
  readonly hiddenRows?: "read" | "skip" | undefined
  /**
   * What to do with totals and notes in the last rows, which labels and blank cells give away: `"keep"` them with a warning (default), or `"drop"`
   * them. Dropped rows count as filtered.
   */
  readonly footer?: "keep" | "drop" | undefined
  /**
   * Which tables to read if several stand below each other on a sheet: the `"first"` one (default), with a notice about the others (`table.second`),
   * or `"all"`, each as a table of its own, named `Sheet1`, `Sheet1 (2)` and so on. Tables side by side are one table with a notice (`table.beside`), or
   * tables of their own with `"all"`.
   */
  readonly tables?: "first" | "all" | undefined
  /** Limits of the file. Beyond one, reading fails with `LIMIT_EXCEEDED`. */
  readonly limits?: XlsxLimits | undefined
}

/** What the options of `xlsx` take. */
export const xlsxOptionSpec: OptionSpec<XlsxOptions> = {
  sheet: sheetKind(),
  hiddenSheets: oneOf("read", "skip"),
  table: text(),
  range: text(),
  header: either(position(), oneOf(false)),
  merged: oneOf("first", "fill"),
  hiddenRows: oneOf("read", "skip"),
  footer: oneOf("keep", "drop"),
  tables: oneOf("first", "all"),
  limits: xlsxLimitsKind(),
}

export function sheetKind(): OptionKind<string | number | RegExp> {
  const accepts = (value: unknown) => (typeof value === "number" ? Number.isSafeInteger(value) && value >= 1 : isName(value))
  return kind("the name of a sheet, its position from 1 or a pattern", accepts)
}

function isName(value: unknown): boolean {
  return typeof value === "string" || value instanceof RegExp
}
