import type { ColumnReader } from "../../../src/cells/readers/column-reader.ts"
import type { Column } from "../../../src/model/column.ts"
import { cellsOf } from "../../model/layouts.ts"

/** The result of a reader for each row of a column: a value, or the code of its failure. */
export function readColumn(reader: ColumnReader, column: Column<unknown>): unknown[] {
  const failures = new Map<number, string>()
  const read = reader.read(column, (row, code) => failures.set(row, code))
  return cellsOf(read).map((value, row) => {
    const code = failures.get(row)
    if (code === undefined) return value
    // A cell that cannot be read must become null.
    return value === null ? code : { code, value }
  })
}
