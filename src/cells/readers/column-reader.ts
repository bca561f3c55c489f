import type { Column } from "../../model/column.ts"

/** Reports a cell that cannot be read. The cell becomes null and its row fails. */
export type ReadFailure = (row: number, code: string, message: string, suggestion?: string) => void

/** Reads a column of any layout as one kind of value. Nulls stay null. */
export interface ColumnReader {
  read(column: Column<unknown>, fail: ReadFailure): Column<unknown>
}
