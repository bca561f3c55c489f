import type { Column } from "../../model/column.ts"
import { BytesColumn } from "../../model/columns/bytes-column.ts"
import type { TableBatch } from "../../model/table-batch.ts"

const cellBytes = 8

/** About how many bytes of its file a batch takes: the bytes of its texts, and eight for each other cell. */
export function batchBytes({ rawShape, length }: TableBatch): number {
  return rawShape.columns.reduce((sum, column) => sum + columnBytes(column, length), 0)
}

function columnBytes(column: Column<unknown>, length: number): number {
  if (!(column instanceof BytesColumn)) return length * cellBytes
  const { starts, ends } = column
  // The delimiter, or the line end.
  let bytes = length
  for (let row = 0; row < length; row++) bytes += (ends[row] as number) - (starts[row] as number)
  return bytes
}
