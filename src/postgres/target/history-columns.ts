import type { AnyLoadOptions } from "../load-modes.ts"
import { databaseColumn, type NamedColumns } from "./column-names.ts"

/** Database columns of a history: the key, and the time during which a version is valid. */
export interface HistoryColumns {
  readonly key: readonly string[]
  readonly validFrom: string
  readonly validTo: string
}

/** The columns of a history; undefined in other modes. */
export function historyColumns(options: Extract<AnyLoadOptions, { mode: "scd2" }>, table: NamedColumns): HistoryColumns
export function historyColumns(options: AnyLoadOptions, table: NamedColumns): HistoryColumns | undefined
export function historyColumns(options: AnyLoadOptions, table: NamedColumns): HistoryColumns | undefined {
  if (options.mode !== "scd2") return undefined
  const { key, validFrom = "valid_from", validTo = "valid_to" } = options
  return { key: key.map((column) => databaseColumn(column, options, table)), validFrom, validTo }
}
