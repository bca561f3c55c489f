import { Bitmask } from "../../../model/bitmask.ts"
import type { Column } from "../../../model/column.ts"
import { ValueColumn } from "../../../model/columns/value-column.ts"

const noValues: readonly never[] = []

/** A column of the sheet without a cell in these rows. It has a header, so it is not missing. */
export function emptyColumn(length: number): Column<never> {
  return new ValueColumn<never>(noValues, length, Bitmask.full(length))
}
