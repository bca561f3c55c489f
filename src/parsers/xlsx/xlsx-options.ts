import type { XlsxLimits } from "./xlsx-limits.ts"

/** Options of `xlsx`. */
export interface XlsxOptions {
  /**
   * Which sheet: its name, its position counted from 1, or a pattern, which takes every visible sheet that it matches, one table after the other. A
   * text of digits is a position where no sheet has that name.
   * Default: the first visible worksheet with cells. Fails with `TABLE_NOT_FOUND`.
   */
  readonly sheet?: string | number | RegExp | undefined
  /** Whether a pattern takes hidden sheets too. Default `"skip"`. */
  readonly hiddenSheets?: "read" | "skip" | undefined
  /** A table that the workbook defines ("Format as Table"), by name, instead of a whole sheet. Its header and its totals row are known. */
  readonly table?: string | undefined
  /** A part of the sheet, instead of all of it: `B4:H90`, `B:H`, `Prices!B4:H90`, or the name of a range that the workbook defines. */
  readonly range?: string | undefined
  /** Row of the header as the spreadsheet numbers it, or `"none"`. Default: it is found among the first rows. */
  readonly headerRow?: number | "none" | undefined
  /** Merged cells: `"first"` (default) leaves the value in the first of them, `"fill"` puts it into all of them. */
  readonly merged?: "first" | "fill" | undefined
  /** Rows that the sheet hides, by hand or by a filter. Default `"read"`. */
  readonly hiddenRows?: "read" | "skip" | undefined
  /** What the file may hold before it is refused. */
  readonly limits?: XlsxLimits | undefined
}
