import type { Column } from "../../model/column.ts"

/** Reports a cell that cannot be read. The cell becomes null and its row fails. */
export type ReadFailure = (row: number, code: string, message: string, suggestion?: string) => void

/** Reads a column of any layout as one kind of value. Nulls stay null. */
export interface ColumnReader {
  /** What the cells are before texts that stand for no value are looked for. Default: as the file has them. */
  prepare?(column: Column<unknown>): Column<unknown>
  read(column: Column<unknown>, fail: ReadFailure): Column<unknown>
}
