import type { ColumnReader } from "../../../src/cells/readers/column-reader.ts"
import type { Column } from "../../../src/model/column.ts"
import { cellsOf } from "../../model/layouts.ts"

/** What a reader made of a column: a value or the code of its failure, row by row. */
export function readColumn(reader: ColumnReader, column: Column<unknown>): unknown[] {
  const failures = new Map<number, string>()
  const read = reader.read(column, (row, code) => failures.set(row, code))
  return cellsOf(read).map((value, row) => {
    const code = failures.get(row)
    if (code === undefined) return value
    // A cell that could not be read is null from there on.
    return value === null ? code : { code, value }
  })
}
