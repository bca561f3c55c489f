import type { Column, ColumnKind } from "../../model/column.ts"
import type { CellTest } from "./cell-test.ts"

/** Accepts only a column whose layout guarantees the kind. */
export class LayoutTest implements CellTest {
  readonly #kind: ColumnKind

  constructor(kind: ColumnKind) {
    this.#kind = kind
  }

  doubt(column: Column<unknown>, doubts: Uint8Array): void {
    if (column.kind !== this.#kind) doubts.fill(1)
  }
}
