import type { Batch } from "../model/batch.ts"
import type { Column } from "../model/column.ts"
import { TableBatch } from "../model/table-batch.ts"

/**
 * The batch as the library's own class. A batch of somebody else's making is wrapped: its columns count as raw cells, and a row that
 * neither passes nor carries an error counts as filtered.
 */
export function batchInHand<T>(batch: Batch<T>): TableBatch<T> {
  if (batch instanceof TableBatch) return batch
  const named = new Map(Object.entries<Column<unknown>>(batch.columns))
  const own = TableBatch.of<T>({
    length: batch.length,
    table: batch.table,
    names: batch.names.filter((name) => named.has(name)),
    columns: batch.names.flatMap((name) => named.get(name) ?? []),
    origins: { at: (row) => batch.origin(row) },
  })
  for (const { row, issue } of batch.issues) own.mark(row, issue)
  const passing = own.selection[Symbol.iterator]()
  own.quality = batch.quality
  return own.filter(() => batch.selection.has(passing.next().value ?? 0))
}
