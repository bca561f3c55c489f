import type { Arguments } from "./arguments.ts"
import type { RowgateConfig } from "./config.ts"
import { usageError } from "./usage-error.ts"

/** How rows go into a table, as far as the command supports it. */
export type LoadMode =
  | { readonly mode: "append" }
  | { readonly mode: "replace"; readonly onAllRejected: RowgateConfig["onAllRejected"] }
  | { readonly mode: "upsert" | "insert-only"; readonly key: readonly string[]; readonly newest: string | undefined }
  | {
      readonly mode: "delete-missing"
      readonly key: readonly string[]
      readonly newest: string | undefined
      readonly scope: "table"
      readonly onUnreadableKey: RowgateConfig["onUnreadableKey"]
    }
  | { readonly mode: "scd2"; readonly key: readonly string[] }

export const loadModes = ["append", "replace", "upsert", "insert-only", "delete-missing", "scd2"] as const

/** Reads `--mode` and the options of one mode over the configuration's. Throws `CONFIG_INVALID` if they contradict each other. */
export function loadMode(args: Arguments, config: RowgateConfig): LoadMode {
  const mode = args.oneOf("mode", loadModes) ?? config.mode ?? "append"
  const key = args.names("key") ?? config.key
  const newest = args.text("newest") ?? config.newest
  const onAllRejected = args.oneOf("on-all-rejected", ["refuse", "empty"]) ?? config.onAllRejected
  const onUnreadableKey = args.oneOf("on-unreadable-key", ["refuse", "keep"]) ?? config.onUnreadableKey
  if (onAllRejected !== undefined && mode !== "replace")
    throw usageError(`--on-all-rejected works only with the mode replace, not with ${mode}.`, "ingest")
  if (onUnreadableKey !== undefined && mode !== "delete-missing")
    throw usageError(`--on-unreadable-key works only with the mode delete-missing, not with ${mode}.`, "ingest")
  switch (mode) {
    case "append":
    case "replace":
      if (key !== undefined || newest !== undefined) throw usageError(`The mode ${mode} takes neither a key nor a newest column.`, "ingest")
      return mode === "append" ? { mode } : { mode, onAllRejected }
    case "upsert":
    case "insert-only":
      return { mode, key: needed(key, mode), newest }
    case "delete-missing":
      return { mode, key: needed(key, mode), newest, scope: "table", onUnreadableKey }
    case "scd2":
      if (newest !== undefined) throw usageError("The mode scd2 takes no newest column.", "ingest")
      return { mode, key: needed(key, mode) }
  }
}

function needed(key: readonly string[] | undefined, mode: string): readonly string[] {
  if (key === undefined || key.length === 0) throw usageError(`The mode ${mode} needs --key: the columns that identify a row.`, "ingest")
  return key
}
