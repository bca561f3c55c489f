import type { Batch, WithColumn } from "../model/batch.ts"
import type { Finding } from "../model/issue.ts"

/** The same batch as an object that the library did not create. A sink may rely only on the interface. */
export function foreignBatch<T>(batch: Batch<T>): Batch<T> {
  return {
    length: batch.length,
    columns: batch.columns,
    names: batch.names,
    rows: batch.rows,
    selection: batch.selection,
    issues: batch.issues,
    quality: batch.quality,
    table: batch.table,
    origin: (row) => batch.origin(row),
    raw: (row) => batch.raw(row),
    fail: (row, finding: Finding<T>) => batch.fail(row, finding),
    filter: (keep) => foreignBatch(batch.filter(keep)),
    map: (transform) => foreignBatch(batch.map(transform)),
    withColumn: <const K extends string, V>(name: K, compute: (row: T) => V): Batch<WithColumn<T, K, V>> =>
      foreignBatch(batch.withColumn(name, compute)),
  }
}
