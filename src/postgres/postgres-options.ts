import type { ColumnName } from "../model/cell-value.ts"
import type { PostgresPool } from "./connection/postgres-pool.ts"

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
  /**
   * What to do with bytes that were loaded before while the table has no row: `"skip"` them with a notice (default), since a landing table may
   * have been drained, or `"refuse"` them with `TARGET_CHANGED`.
   */
  readonly onTargetEmpty?: "skip" | "refuse" | undefined
  /** What to do while another run loads the same bytes: `"wait"` for it (default) and find them loaded, or `"fail"` with `SINK_BUSY`. */
  readonly whileRunning?: "wait" | "fail" | undefined
  /**
   * Creates the table if it does not exist, from what the pipeline declares of its columns, in the transaction of the first delivery that has a row to
   * load. Default false.
   */
  readonly createTable?: boolean | undefined
  /**
   * Adds columns that the pipeline declares and the table lacks, and widens types that are too narrow (integer to bigint, varchar(n) to
   * text, numeric to more digits), in the transaction that loads the rows. Default false. A dry run shows the statement first.
   */
  readonly evolve?: boolean | undefined
  /** Applies missing migrations of the ledger before the first load. Default false: run `rowgate migrate`. */
  readonly migrate?: boolean | undefined
  /** Milliseconds between two heartbeats of a load, on a second connection. Default 5,000. */
  readonly heartbeatMs?: number | undefined
  /** Milliseconds without a heartbeat after which another run takes the load over. Default 30,000. */
  readonly staleMs?: number | undefined
  /**
   * Whether to use a second connection for the heartbeat. Default true; a load that gets none goes on without, which takes it half a second to find out.
   * A run without a heartbeat cannot be taken over.
   */
  readonly control?: boolean | undefined
  /** Milliseconds that one statement may take in the database; default 0: no limit. */
  readonly statementTimeoutMs?: number | undefined
  /** Milliseconds to wait for a lock of somebody else; default 0: no limit. */
  readonly lockTimeoutMs?: number | undefined
  /** Milliseconds that the transaction may wait for the file before the database ends it; default 600,000. 0: no limit. */
  readonly idleTimeoutMs?: number | undefined
  /**
   * Columns whose cells are not kept with rejected rows, nor quoted in their reasons or in errors: by their name in the file, in the row or
   * in the database. Default none.
   */
  readonly redact?: readonly string[] | undefined
  /** Days that rejects are kept before `purge` removes them. Default: until `purge` is told to. */
  readonly rejectDays?: number | undefined
  /** Database column (a bigint) that takes the sequence of the file's version with each row, null where the source cannot tell. Default: none. */
  readonly sequence?: string | undefined
  /**
   * What to do with a version of a file that is older than one that was loaded, by the file's sequence (for files on disk and S3: when it was
   * last changed). Default: `"refuse"` where the last load wins (`replace`, `delete-missing`, `scd2`, and `upsert` without `newest` or
   * `sequence`), else `"load"`.
   */
  readonly onOlderVersion?: "load" | "refuse" | undefined
}

/** Adds rows, or puts them in the place of all others. */
export interface AppendOptions<T> extends TableOptions<T> {
  /** `"append"` (default) adds rows. `"replace"` removes all others in the same transaction: readers see the old rows or the new ones. */
  readonly mode?: "append" | "replace" | undefined
  /**
   * What `"replace"` does where rows were read and every one of them was rejected: `"refuse"` the delivery (default), or `"empty"` the table.
   */
  readonly onAllRejected?: "refuse" | "empty" | undefined
}

/** What goes by a key. */
export interface KeyOptions<T> extends TableOptions<T> {
  /** Row columns that name a row. Null in one of them rejects the row. */
  readonly key: readonly KeyColumn<T>[]
  /**
   * Of several rows with one key, the one with the greatest value of this column wins; default: the one whose file has the greatest
   * `sequence`, where that is kept, and else the last one.
   */
  readonly newest?: ColumnName<T> | undefined
}

/** Merges rows by a key. The table needs a unique index on exactly its columns. */
export interface UpsertOptions<T> extends KeyOptions<T> {
  /**
   * `"upsert"` replaces rows whose key is there (with `newest`: unless the table's row is newer) and adds the others.
   * `"insert-only"` leaves rows alone whose key is there.
   */
  readonly mode: "upsert" | "insert-only"
}

/** Merges rows by a key, and removes what the file no longer has. */
export interface DeleteMissingOptions<T> extends KeyOptions<T> {
  /** As `"upsert"`; then rows of the scope go whose key is on no row of the file, rejected ones included. */
  readonly mode: "delete-missing"
  /**
   * What to do where the key of a rejected row cannot be read, so that it may stand for any row of the table: `"refuse"` the delivery (default),
   * or `"keep"` every row of the table, load the others, and say so in the report.
   */
  readonly onUnreadableKey?: "refuse" | "keep" | undefined
  /** Which rows of the table the file speaks for: all of them (`"table"`), or those with these values. */
  readonly scope: "table" | { readonly [K in ColumnName<T>]?: string | number | boolean | null | undefined }
}

/** Keeps every version of a row, each with the time during which it was valid. */
export interface HistoryOptions<T> extends TableOptions<T> {
  /** Closes the version of a key that has changed at the run's `asOf`, and begins the next one. Versions that are the same stay untouched. */
  readonly mode: "scd2"
  /** Row columns that name a thing across its versions. Null in one of them rejects the row. */
  readonly key: readonly KeyColumn<T>[]
  /** Database column of the instant from which a version is valid; default `"valid_from"`. */
  readonly validFrom?: string | undefined
  /** Database column of the instant until which it is, null in the current version; default `"valid_to"`. */
  readonly validTo?: string | undefined
}

/** How rows go into the table. */
export type LoadOptions<T> = AppendOptions<T> | UpsertOptions<T> | DeleteMissingOptions<T> | HistoryOptions<T>

/** Where the database is. One of the two. */
export interface ConnectionOptions {
  /** A pool of the package `pg`, or anything that can do the same. It stays the caller's to close. */
  readonly pool?: PostgresPool | undefined
  /** `postgres://user:password@host:port/database`. The package `pg` is loaded for it; the connections are closed after each run. */
  readonly url?: string | undefined
  /** TLS for `url`, as `pg` takes it: `true`, or for example `{ ca: readFileSync("rds.pem", "utf8") }`. Default: what the url says, by `sslmode`; without it TLS where the server has it, and none to a Unix socket or loopback. */
  readonly ssl?: boolean | { readonly ca?: string | undefined; readonly rejectUnauthorized?: boolean | undefined } | undefined
  /** Password for `url`, asked for at each new connection: an IAM token or a secret that rotates. Default: the url's. */
  readonly password?: (() => string | Promise<string>) | undefined
}

/** Options of `postgres`. */
export type PostgresOptions<T> = LoadOptions<T> & ConnectionOptions
