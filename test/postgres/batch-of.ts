import { columnOf } from "../../src/model/column-of.ts"
import { TableBatch } from "../../src/model/table-batch.ts"

/** A batch of rows, given as objects, as if they were the rows of a file from number `first` on. */
export function batchOf(rows: readonly { readonly [column: string]: unknown }[], uri = "memory:test", first = 1): TableBatch<object> {
  const names = Object.keys(rows[0] ?? {})
  return TableBatch.of<object>({
    length: rows.length,
    table: { name: "test", header: names },
    names,
    columns: names.map((name) => columnOf(rows.map((row) => row[name]))),
    origins: { at: (row) => ({ uri, row: first + row, line: first + row, offset: row * 10 }) },
  })
}
