import type { Column } from "../../model/column.ts"

/** Says that a cell could not be read. The cell becomes null and its row fails. */
export type ReadFailure = (row: number, code: string, message: string, suggestion?: string) => void

/** Reads a column, whatever its layout, as one kind. Nulls stay null. */
export interface ColumnReader {
  read(column: Column<unknown>, fail: ReadFailure): Column<unknown>
}
