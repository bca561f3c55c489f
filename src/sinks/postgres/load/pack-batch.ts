import { deserialize, serialize } from "node:v8"
import type { CellValue } from "../../../model/cell-value.ts"
import { ValueColumn } from "../../../model/columns/value-column.ts"
import type { Issue } from "../../../model/issue.ts"
import type { Origin } from "../../../model/origin.ts"
import { TableBatch } from "../../../model/table-batch.ts"
import type { TableFacts } from "../../../model/table-facts.ts"

/** A batch by row, as it goes to a file and back. It is used where memory is short, not where time is. */
interface Packed {
  readonly table: TableFacts
  readonly names: readonly string[]
  readonly origins: readonly Origin[]
  readonly columns: readonly (readonly CellValue[])[]
  readonly issues: readonly { readonly row: number; readonly issue: Issue }[]
}

/** Raw cells, origins and issues of a batch as bytes. */
export function packBatch(batch: TableBatch<unknown>): Uint8Array {
  const { length } = batch
  const { names, columns } = batch.rawShape
  const packed: Packed = {
    table: batch.table,
    names,
    origins: Array.from({ length }, (_, row) => batch.origin(row)),
    columns: columns.map((column) => Array.from({ length }, (_, row) => plainCell(column.at(row)))),
    issues: [...batch.issues],
  }
  return serialize(packed)
}

/** The batch that `packBatch` was given, as far as rejects are made of it. */
export function unpackBatch(bytes: Uint8Array): TableBatch<unknown> {
  const { table, names, origins, columns, issues }: Packed = deserialize(bytes)
  const length = origins.length
  const batch = TableBatch.of<unknown>({
    length,
    table,
    names,
    columns: columns.map((values) => new ValueColumn(values, length)),
    origins: { at: (row) => origins[row] ?? { uri: "", row: 0 } },
  })
  for (const { row, issue } of issues) batch.mark(row, issue)
  return batch
}

/** Cells that are objects of a class come back without it; their text is what rejects show. */
function plainCell(cell: unknown): CellValue {
  if (cell === undefined || cell === null) return null
  if (typeof cell === "string" || typeof cell === "number" || typeof cell === "boolean" || cell instanceof Date) return cell
  return String(cell)
}
