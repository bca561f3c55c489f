import { counted } from "../errors/counted.ts"
import type { ColumnSpec } from "../model/column-spec.ts"
import type { TableNotice } from "../model/table-facts.ts"
import type { CommittedDelivery } from "./ledger/committed-delivery.ts"
import type { AnyLoadOptions } from "./load-modes.ts"
import type { TableChanges } from "./target/change-table.ts"
import { doubtfulColumns, type NamingOptions, renamedColumns } from "./target/column-names.ts"
import { historyColumns } from "./target/history-columns.ts"
import type { TargetTable } from "./target/target-table.ts"
import { columnList, renamedText, unfilledColumns } from "./target/unfilled-columns.ts"

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

/** Rows of a file that was loaded before. Loading the file again does not load them. */
export function openRejects({ id, open }: Pick<CommittedDelivery, "id" | "open">): TableNotice {
  const [were, are, them] = open === 1 ? ["was", "is", "it"] : ["were", "are", "them"]
  return {
    code: "target.rejects_open",
    message:
      `${counted(open, "row")} of this file ${were} rejected and ${are} not in the table. Write ${them} with \`rowgate rejects ${id} --open --csv FILE\`, ` +
      `correct what is wrong, and load ${them} with \`rowgate replay ${id} FILE\` and the options that you have changed.`,
  }
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

/** What the rows of a delivery filled. */
export interface FilledColumns {
  /** The columns that the pipeline declares. */
  readonly declared: readonly ColumnSpec[]
  readonly options: AnyLoadOptions
  /** Columns of the table. */
  readonly filled: ReadonlySet<string>
  /** Columns of the rows that the table lacks or lacked. */
  readonly surplus: readonly string[]
}

/** Columns of the table that the rows lack. A contract leaves them out on purpose; without one, the file may have lost or renamed them. */
export function unfilled(table: TargetTable, { declared, options, filled, surplus }: FilledColumns): readonly TableNotice[] {
  if (filled.size === 0 || declared.some(({ inferred }) => inferred !== true)) return []
  const { quality, sequence } = options
  const history = historyColumns(options, table)
  const own = [quality, sequence, history?.validFrom, history?.validTo].filter((name) => name !== undefined)
  // These have a notice of their own.
  const doubtful = doubtfulColumns(table, options).map((column) => column.unfilled)
  const names = unfilledColumns(table, new Set([...filled, ...doubtful]), own)
  if (names.length === 0) return []
  const [columns, stay] = names.length === 1 ? ["column", "it stays"] : ["columns", "they stay"]
  const message = `The file has no ${columns} for ${columnList(names)} of ${table.schema}.${table.table}: ${stay} null in new rows.`
  const added = surplus.length === 0 ? "" : ` The file has ${columnList(surplus)} instead.`
  return [{ code: "target.unfilled", message: `${message}${renamedText(names, surplus) || added}` }]
}

/** What `evolve` changed. */
export function evolved({ schema, table }: TargetTable, { added, widened }: TableChanges): readonly TableNotice[] {
  const typed = (columns: TableChanges["added"]) => columnList(columns.map(({ name, type }) => `${name} ${type}`))
  const parts = [
    ...(added.length === 0 ? [] : [`got the ${added.length === 1 ? "column" : "columns"} ${typed(added)}`]),
    ...(widened.length === 0 ? [] : [`has wider types: ${typed(widened)}`]),
  ]
  return parts.length === 0 ? [] : [{ code: "target.evolved", message: `${schema}.${table} ${parts.join(", and ")}.` }]
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
