import type { CellError } from "./cell-error.ts"
import type { Duration } from "./duration.ts"
import type { TimeOfDay } from "./time-of-day.ts"

/**
 * What a cell can hold before it is read as a declared kind.
 *
 * Long numbers in text formats stay text. Only workbooks contain `CellError`, `TimeOfDay` and `Duration`.
 */
export type CellValue = string | number | boolean | Date | CellError | TimeOfDay | Duration | null

/** A row before `normalize`: its cells by column name, of any type. */
export interface Row {
  readonly [column: string]: CellValue
}

/** The column names of a row type. */
export type ColumnName<T> = keyof T & string
