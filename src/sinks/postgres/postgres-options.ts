import type { ColumnName } from "../../model/cell-value.ts"
import type { PostgresPool } from "./postgres-pool.ts"

/** Without a row type the compiler says what to write, in place of "not assignable to never". */
export type KeyColumn<T> = unknown extends T ? "name the row type: postgres<Order>({ ... })" : ColumnName<T>

/** What is common to all ways of loading into a table. */
export interface TableOptions<T> {
  /** The table, without its schema. */
  readonly table: string
  /** The table's schema. Default: what the search path of the connection finds. */
  readonly schema?: string | undefined
  /** How row columns are called in the database: `"same"` (default) or `orderId` as `order_id`. `columns` wins. */
  readonly naming?: "same" | "snake_case" | undefined
  /** Database column of a row column, where the names differ. */
  readonly columns?: { readonly [K in ColumnName<T>]?: string | undefined } | undefined
  /** Database column that takes the row's score, 0 to 100. Default: none. */
  readonly quality?: string | undefined
  /** Writes `_run_id`, `_file` and `_row` with each row. The table needs these columns. Default false. */
  readonly lineage?: boolean | undefined
  /**
   * What happens when bytes come that were loaded before: `"skip"` (default), or `"load"` for feeds whose files may rightly repeat;
   * the same version of the same file is loaded once even then.
   */
  readonly onSameContent?: "skip" | "load" | undefined
  /** What to do while another run loads the same bytes: `"wait"` for it (default) and find them loaded, or `"fail"` with `SINK_BUSY`. */
  readonly whileRunning?: "wait" | "fail" | undefined
  /** Makes the table where there is none, from what the pipeline declares of its columns. Default false. */
  readonly createTable?: boolean | undefined
  /** Applies missing migrations of the ledger before the first load. Default false: run `rowgate migrate`. */
  readonly migrate?: boolean | undefined
  /** Columns whose cells are not kept with rejected rows, by their name in the file or in the row. Default none. */
  readonly redact?: readonly string[] | undefined
}

/** Adds rows. */
export interface AppendOptions<T> extends TableOptions<T> {
  /** `"append"` (default) adds rows. */
  readonly mode?: "append" | undefined
}

/** Where the database is. One of the two. */
export interface ConnectionOptions {
  /** A pool of the package `pg`, or anything that can do the same. It stays the caller's to close. */
  readonly pool?: PostgresPool | undefined
  /** `postgres://user:password@host:port/database`. The package `pg` is loaded for it; the connections are closed after each run. */
  readonly url?: string | undefined
}

/** The modes. */
export type LoadOptions<T> = AppendOptions<T>

/** Options of `postgres`. */
export type PostgresOptions<T> = LoadOptions<T> & ConnectionOptions
