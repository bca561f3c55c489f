import type { Row } from "./cell-value.ts"
import type { Columns } from "./column.ts"
import type { Finding } from "./issue.ts"
import type { IssueTable } from "./issue-table.ts"
import type { Origin } from "./origin.ts"
import type { RowView } from "./row-view.ts"
import type { Selection } from "./selection.ts"
import type { TableFacts } from "./table-facts.ts"

/** A row type with one column added or replaced. */
export type WithColumn<T, K extends string, V> = Omit<T, K> & { readonly [P in K]: V }

/**
 * Up to some thousands of rows, held by column. A failed row stays in the batch, marked, until it reaches the sink. Make batches with `toBatches`,
 * or with the methods of another batch; rowgate takes no other object for one and throws `PIPELINE_INVALID`.
 */
export interface Batch<out T> {
  /** The number of rows, failed and filtered ones included. */
  readonly length: number
  /** The columns by name. They cover all rows. */
  readonly columns: Columns<T>
  /** The names of the columns, in order. */
  readonly names: readonly string[]
  /** The passing rows as objects, made on demand. */
  readonly rows: RowView<T>
  /** The rows that still pass. */
  readonly selection: Selection
  /** The issues of the rows so far. */
  readonly issues: IssueTable
  /** The score of each row, 0 to 100; undefined before `score`. */
  readonly quality: Float64Array | undefined
  /** The sheet or table; a table without rows arrives as one batch of length 0. */
  readonly table: TableFacts
  /** Where a row came from. */
  origin(row: number): Origin
  /** The cells of a row as they are in the file, by the file's column names. */
  raw(row: number): Row
  /** Marks a row as failed. It becomes a reject at the sink. */
  fail(row: number, finding: Finding<T>): void
  /** Keeps the rows for which `keep` returns true; the others count as filtered, not as rejected. */
  filter(keep: (row: T) => boolean): Batch<T>
  /** Transforms each passing row and rebuilds the columns from the results. Origins, marks and issues stay. */
  map<U>(transform: (row: T) => U): Batch<U>
  /** Adds or replaces a column; `compute` is called for each passing row. */
  withColumn<const K extends string, V>(name: K, compute: (row: T) => V): Batch<WithColumn<T, K, V>>
}

/** A stream of batches. It is a separate interface so that compile errors stay short. */
export interface Batches<out T> extends AsyncIterable<Batch<T>> {}
