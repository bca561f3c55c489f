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

/** Some thousands of rows held by column. A failed row stays, marked, until the sink. */
export interface Batch<out T> {
  /** All rows, marked ones too. */
  readonly length: number
  /** Columns by name, over all rows. */
  readonly columns: Columns<T>
  /** Names of the columns, in order. */
  readonly names: readonly string[]
  /** Passing rows as objects, made on demand. */
  readonly rows: RowView<T>
  /** Which rows still pass. */
  readonly selection: Selection
  /** What was said of rows so far. */
  readonly issues: IssueTable
  /** 0 to 100 a row, after `score`. */
  readonly quality: Float64Array | undefined
  /** The sheet or table; a table without rows arrives as one batch of length 0. */
  readonly table: TableFacts
  /** Where a row came from. */
  origin(row: number): Origin
  /** The row's cells as they stood in the file, by the file's column names. */
  raw(row: number): Row
  /** Marks a row as failed. It leaves at the sink, as a reject. */
  fail(row: number, finding: Finding<T>): void
  /** Keeps rows; the others are counted as filtered, not as rejected. */
  filter(keep: (row: T) => boolean): Batch<T>
  /** Rebuilds the columns from objects; origins, marks and issues stay. */
  map<U>(transform: (row: T) => U): Batch<U>
  /** Adds or replaces a column; `compute` runs for passing rows. */
  withColumn<const K extends string, V>(name: K, compute: (row: T) => V): Batch<WithColumn<T, K, V>>
}

/** Batches in flight. The named alias keeps a mismatch one level deep in compile errors. */
export interface Batches<out T> extends AsyncIterable<Batch<T>> {}
