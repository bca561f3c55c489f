import type { Column } from "../../model/column.ts"

/**
 * Looks at a column's cells that are not null and marks the ones that it cannot vouch for. What is marked goes through the schema, so a
 * test may doubt a good cell, and must never pass a bad one.
 */
export interface CellTest {
  /** Sets `doubts[row]` to 1 where the cell may fail. */
  doubt(column: Column<unknown>, doubts: Uint8Array): void
}
