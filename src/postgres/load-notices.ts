import type { TableNotice } from "../model/table-facts.ts"
import type { AnyLoadOptions } from "./load-modes.ts"
import type { TargetTable } from "./target/target-table.ts"

/** The load had no heartbeat. */
export const noHeartbeat: TableNotice = {
  code: "sink.no_heartbeat",
  message: "No second connection was free, so the load had no heartbeat and no other run could have taken it over.",
}

/** The ledger may outlive the rows. */
export function unloggedTarget({ schema, table }: TargetTable): TableNotice {
  const message = `${schema}.${table} is unlogged: the server empties it when it starts after a crash, while the ledger still counts its files as loaded.`
  return { code: "target.unlogged", message }
}

/** `delete-missing` has kept everything, as it was told to. */
export function notDeleted(unreadable: number): TableNotice {
  return { code: "target.not_deleted", message: `Nothing was removed from the table: ${unreadableKeys(unreadable)}.` }
}

/** What a load came to, as far as it may speak against removing rows. */
export interface LoadResult {
  readonly loaded: number
  readonly rejected: number
  /** Rejected rows whose key cannot be read. */
  readonly unreadable: number
}

/** Why rows would go from the table although the file does not say so; undefined where none would, or the options allow it. */
export function removalRefusal(options: AnyLoadOptions, { loaded, rejected, unreadable }: LoadResult): string | undefined {
  if (options.mode === "replace" && options.onAllRejected !== "empty" && loaded === 0 && rejected > 0)
    return `no row is left to load and ${rejected} were rejected, so the table would be left empty; onAllRejected (--on-all-rejected) set to "empty" allows that`
  if (options.mode === "delete-missing" && options.onUnreadableKey !== "keep" && unreadable > 0)
    return `${unreadableKeys(unreadable)}, so nobody can tell which rows are missing from the file; onUnreadableKey (--on-unreadable-key) set to "keep" loads it and removes none`
  return undefined
}

function unreadableKeys(rows: number): string {
  return rows === 1 ? "the key of one rejected row cannot be read" : `the keys of ${rows} rejected rows cannot be read`
}
