import type { Column } from "../../model/column.ts"

/**
 * Checks a column's non-null cells and marks those that may fail. Rows with a marked cell go through the schema. A test may mark a good cell,
 * but must never pass a bad one.
 */
export interface CellTest {
  /** Sets `doubts[row]` to 1 if the cell may fail. */
  doubt(column: Column<unknown>, doubts: Uint8Array): void
}
