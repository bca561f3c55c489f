import type { TableNotice } from "../model/table-facts.ts"
import type { AnyLoadOptions } from "./load-modes.ts"
import { doubtfulColumns, type NamingOptions, renamedColumns } from "./target/column-names.ts"
import type { TargetTable } from "./target/target-table.ts"

/** The load had no heartbeat. */
export const noHeartbeat: TableNotice = {
  code: "sink.no_heartbeat",
  message: "No second connection was free, so the load had no heartbeat and no other run could have taken it over.",
}

/** A crash of the server would empty the table, but not the ledger. */
export function unloggedTarget({ schema, table }: TargetTable): TableNotice {
  const message = `${schema}.${table} is unlogged: after a crash the server empties it, but the ledger still counts its files as loaded.`
  return { code: "target.unlogged", message }
}

/** Columns of the rows whose names were taken. */
export function renamed(table: TargetTable, options: NamingOptions): TableNotice | undefined {
  const columns = renamedColumns(table, options)
  if (columns.length === 0) return undefined
  const list = columns.map(([column, name]) => `"${column}" goes into ${name}`).join(", ")
  return {
    code: "target.renamed",
    message: `Columns of ${table.schema}.${table.table} cannot have the same name, or the name of a system column: ${list}.`,
  }
}

/** Columns of the rows that may belong to another column of the table. */
export function doubtfulNames(table: TargetTable, options: NamingOptions): readonly TableNotice[] {
  return doubtfulColumns(table, options).map(({ column, name, unfilled }) => ({
    code: "target.name_doubt",
    message:
      `"${column}" goes into ${name}, but it may belong to ${unfilled} of ${table.schema}.${table.table}, which this file does not fill. ` +
      "Name its column in `columns`.",
    column,
  }))
}

/** `delete-missing` with `onUnreadableKey: "keep"` removed nothing. */
export function notDeleted(unreadable: number): TableNotice {
  return { code: "target.not_deleted", message: `Nothing was removed from the table, because ${unreadableKeys(unreadable)}.` }
}

/** Counts of a load that decide whether it may remove rows. */
export interface LoadResult {
  readonly loaded: number
  readonly rejected: number
  /** Rejected rows whose key cannot be read. */
  readonly unreadable: number
}

/** Why the load must not remove rows from the table; undefined if it removes none, or the options allow it. */
export function removalRefusal(options: AnyLoadOptions, { loaded, rejected, unreadable }: LoadResult): string | undefined {
  if (options.mode === "replace" && options.onAllRejected !== "empty" && loaded === 0 && rejected > 0)
    return `no row is left to load and ${rejected} were rejected, so the table would be left empty; set onAllRejected (--on-all-rejected) to "empty" to allow that`
  if (options.mode === "delete-missing" && options.onUnreadableKey !== "keep" && unreadable > 0)
    return `${unreadableKeys(unreadable)}, so it is unknown which rows are missing from the file; set onUnreadableKey (--on-unreadable-key) to "keep" to load the file and remove nothing`
  return undefined
}

function unreadableKeys(rows: number): string {
  return rows === 1 ? "the key of one rejected row cannot be read" : `the keys of ${rows} rejected rows cannot be read`
}
