import type { ColumnSpec } from "./column-spec.ts"

/** A column of a file, or of the rows that were made from it. */
export interface ColumnReport {
  /** Its header in the file; null if no header matches the column, or if a stage computed it. */
  readonly header: string | null
  /** Its name in the rows; null if the rows do not have it. */
  readonly name: string | null
  /** The kind of its values. Left out if neither a stage nor a sink has settled it. */
  readonly kind?: ColumnSpec["kind"]
  /** How many cells with a text that stands for no value, such as `N/A`, were read as null (`cell.null`). */
  readonly nulls: number
  /** How many errors name the column. Their rows were rejected. */
  readonly errors: number
  /** How many other warnings name the column. */
  readonly warnings: number
}
