import type { CellError } from "./cell-error.ts"
import type { Duration } from "./duration.ts"
import type { TimeOfDay } from "./time-of-day.ts"

/**
 * What a cell can hold before anything was declared about it.
 *
 * Long numbers of text formats stay text. `CellError`, `TimeOfDay` and `Duration` come from workbooks only.
 */
export type CellValue = string | number | boolean | Date | CellError | TimeOfDay | Duration | null

/** A row before `normalize`: columns by name, nothing promised. */
export interface Row {
  readonly [column: string]: CellValue
}

/** The names of a row type's columns. */
export type ColumnName<T> = keyof T & string
