import type { ColumnName } from "../model/cell-value.ts"
import type { PostgresPool } from "./connection/postgres-pool.ts"

/** A column of the row type. Without a row type, the compiler error says what to write. */
export type KeyColumn<T> = unknown extends T ? "name the row type: postgres<Order>({ ... })" : ColumnName<T>

/** Options of every mode. */
export interface TableOptions<T> {
  /** The table, without its schema. A name with a dot in it needs the option `schema` as well. */
  readonly table: string
  /** The table's schema. Default: the schema in which the connection's search path finds the table. */
  readonly schema?: string | undefined
  /**
   * Names of the row columns in the database. By default, `orderId` goes to the column `orderId` if the table has it, otherwise to `order_id`, and
   * tables that rowgate creates get snake_case names. `"exact"` always keeps the property's name; `"snake_case"` never does. `columns` overrides
   * this option.
   */
  readonly naming?: "exact" | "snake_case" | undefined
  /** Database columns by row column, for names that differ. Default: none. */
  readonly columns?: { readonly [K in ColumnName<T>]?: string | undefined } | undefined
  /** Database column to write the row's score into, 0 to 100. Default: none. */
  readonly quality?: string | undefined
  /** Whether to write `_run_id`, `_file` and `_row` with each row. The table needs these columns. Default: false. */
  readonly lineage?: boolean | undefined
  /**
   * What to do with bytes that were loaded before: `"skip"` them (default), or `"load"` them, for feeds whose files may repeat. Even then, the
   * same version of the same file is loaded only once.
   */
  readonly onSameContent?: "skip" | "load" | undefined
  /**
   * What to do with bytes that were loaded before if the table is empty now: `"skip"` them with a notice (default), because a landing table may
   * have been drained, or `"refuse"` them with `TARGET_CHANGED`.
   */
  readonly onTargetEmpty?: "skip" | "refuse" | undefined
  /** What to do while another run loads the same bytes: `"wait"` for it (default), or `"fail"` with `SINK_BUSY`. */
  readonly whileRunning?: "wait" | "fail" | undefined
  /**
   * Whether to create the table if it does not exist, with the columns that the pipeline declares, in the transaction of the first delivery that
   * has a row to load. Default: false.
   */
  readonly createTable?: boolean | undefined
  /**
   * Whether to add columns that the pipeline declares and the table lacks, and to widen types that are too narrow (integer to bigint, varchar(n)
   * to text, numeric to more digits), in the transaction that loads the rows. Default: false. `plan()` shows the statement first.
   */
  readonly evolve?: boolean | undefined
  /** Whether to apply missing migrations of the ledger before the first load. Default: false; run `rowgate migrate` instead. */
  readonly migrate?: boolean | undefined
  /** Milliseconds between two heartbeats of a load. Default: 5,000. */
  readonly heartbeatMs?: number | undefined
  /** Milliseconds without a heartbeat after which another run takes the load over. Default: 30,000. */
  readonly staleMs?: number | undefined
  /**
   * Whether to use a second connection for the heartbeats. Default: true, and false in a function with a time limit, whose load the database ends by itself. If no connection is free, the load continues without one after about half a
   * second. A run without heartbeats cannot be taken over.
   */
  readonly control?: boolean | undefined
  /** Milliseconds that one statement may take in the database; 0 means no limit. Default: 0. */
  readonly statementTimeoutMs?: number | undefined
  /** Milliseconds to wait for a lock of another session; 0 means no limit. Default: 0. */
  readonly lockTimeoutMs?: number | undefined
  /** Milliseconds that the transaction may wait for the file before the database ends it; 0 means no limit. Default: 600,000. */
  readonly idleTimeoutMs?: number | undefined
  /**
   * Columns whose cells are neither kept with rejected rows nor quoted in their reasons or in errors. Name them as in the file, in the row or in the
   * database. Default: none.
   */
  readonly redact?: readonly string[] | undefined
  /** Days after which `purge` removes the rejects. Default: none, so `purge` only removes them if you pass `rejectsOlderThan`. */
  readonly rejectDays?: number | undefined
  /** Database column (bigint) to write the sequence of the file's version into; null if the source does not know it. Default: none. */
  readonly sequence?: string | undefined
  /**
   * What to do with a version of a file if a newer one was loaded before, by the file's sequence (for files on disk and in S3, the time of the last
   * change). Default: `"refuse"` in modes where the last load wins (`replace`, `delete-missing`, `scd2`, and `upsert` without `newest` or
   * `sequence`), otherwise `"load"`.
   */
  readonly onOlderVersion?: "load" | "refuse" | undefined
}

/** Options of the modes that add rows or replace all of them. */
export interface AppendOptions<T> extends TableOptions<T> {
  /** `"append"` (default) adds rows. `"replace"` also removes all other rows, in the same transaction, so readers see the old rows or the new ones. */
  readonly mode?: "append" | "replace" | undefined
  /**
   * What `"replace"` does if all rows that were read were rejected: `"refuse"` the delivery (default), or `"empty"` the table.
   */
  readonly onAllRejected?: "refuse" | "empty" | undefined
}

/** Options of the modes that merge by a key. */
export interface KeyOptions<T> extends TableOptions<T> {
  /** Row columns that identify a row. A null in one of them rejects the row. */
  readonly key: readonly KeyColumn<T>[]
  /**
   * If several rows have the same key, the row with the greatest value in this column wins. Default: the row whose file has the greatest
   * `sequence`, if that option is set, otherwise the last row.
   */
  readonly newest?: ColumnName<T> | undefined
}

/** Options of the modes that merge rows by a key. The table needs a unique index on exactly the columns of the key. */
export interface UpsertOptions<T> extends KeyOptions<T> {
  /**
   * `"upsert"` replaces rows of the table that have the same key (with `newest`, unless the table's row is newer) and adds the others.
   * `"insert-only"` skips rows whose key is in the table and adds the others.
   */
  readonly mode: "upsert" | "insert-only"
}

/** Options of the mode that merges rows by a key and removes rows that are missing from the file. */
export interface DeleteMissingOptions<T> extends KeyOptions<T> {
  /** Merges like `"upsert"`, then removes the rows of the scope whose key is on no row of the file. Rejected rows of the file count too. */
  readonly mode: "delete-missing"
  /**
   * What to do if the key of a rejected row cannot be read, so that it may stand for any row of the table: `"refuse"` the delivery (default),
   * or `"keep"` all rows of the table, load the other rows, and add a notice to the report.
   */
  readonly onUnreadableKey?: "refuse" | "keep" | undefined
  /**
   * The rows of the table that the file lists completely: all of them (`"table"`), or those with these values. Only these rows are removed. A value
   * that is undefined is refused, because a scope without it would remove more rows.
   */
  readonly scope: "table" | { readonly [K in ColumnName<T>]?: string | number | boolean | null | undefined }
}

/** Options of the mode that keeps every version of a row, with the time during which it was valid. */
export interface HistoryOptions<T> extends TableOptions<T> {
  /** If a row differs from the current version of its key, ends that version at the run's `asOf` and begins a new one. */
  readonly mode: "scd2"
  /** Row columns that identify a thing across its versions. A null in one of them rejects the row. */
  readonly key: readonly KeyColumn<T>[]
  /** Database column with the instant from which a version is valid. Default: `"valid_from"`. */
  readonly validFrom?: string | undefined
  /** Database column with the instant until which a version is valid; null in the current version. Default: `"valid_to"`. */
  readonly validTo?: string | undefined
}

/** How to load rows into the table. */
export type LoadOptions<T> = AppendOptions<T> | UpsertOptions<T> | DeleteMissingOptions<T> | HistoryOptions<T>

/** A database that you connect to through your own pool. */
export interface PoolOptions {
  /** A pool of the package `pg`, or anything that works like one. You close it yourself. */
  readonly pool: PostgresPool
  /** Only without `pool`. */
  readonly url?: undefined
  /** Only with `url`. Set TLS in the pool. */
  readonly ssl?: undefined
  /** Only with `url`. Set the password in the pool. */
  readonly password?: undefined
}

/** A database that you connect to by its address. */
export interface UrlOptions {
  /** Only without `url`. */
  readonly pool?: undefined
  /**
   * `postgres://user:password@host:port/database`, or a function that returns it, such as one that reads a secret. Needs the package `pg`. The
   * connections are closed after each run. A function is called once a run. If the server refuses the login, it is called again with the string that
   * was refused; if it returns another one, the connection is tried once more.
   */
  readonly url: string | ((refused?: string) => string | Promise<string>)
  /** TLS for `url`, as `pg` takes it: `true`, or for example `{ ca: readFileSync("rds.pem", "utf8") }`. Default: the `sslmode` of the url; without one, verified TLS to Amazon RDS, none to a Unix socket or loopback, and otherwise TLS if the server supports it. */
  readonly ssl?: boolean | { readonly ca?: string | undefined; readonly rejectUnauthorized?: boolean | undefined } | undefined
  /**
   * Returns the password for `url`, for each new connection: for IAM tokens, or secrets that rotate. If it returns undefined, the password of the url
   * is used. Default: the password of the url.
   */
  readonly password?: (() => string | undefined | Promise<string | undefined>) | undefined
}

/** Where the database is: give a `pool` or a `url`. */
export type ConnectionOptions = PoolOptions | UrlOptions

/** Options of `postgres`. */
export type PostgresOptions<T> = LoadOptions<T> & ConnectionOptions
