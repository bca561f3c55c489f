export type { StoredReject, StoredRejects } from "./model/stored-reject.ts"
export { type PgliteConnectionOptions, type PgliteOptions, pglite } from "./sinks/pglite/pglite.ts"
export type { Pglite } from "./sinks/pglite/pglite-database.ts"
export type { CopyIn, WireCopy } from "./sinks/postgres/database.ts"
export type { LedgerAccess } from "./sinks/postgres/operations/ledger-access.ts"
export { type PurgeOptions, type PurgeReport, purge } from "./sinks/postgres/operations/purge.ts"
export { type RejectsOptions, rejects } from "./sinks/postgres/operations/rejects.ts"
export {
  type RunStatus,
  type RunsOptions,
  run,
  runs,
  type StoredRun,
  type StoredRunOptions,
} from "./sinks/postgres/operations/runs.ts"
export type {
  AppendOptions,
  DeleteMissingOptions,
  HistoryOptions,
  KeyColumn,
  KeyOptions,
  LoadOptions,
  TableOptions,
  UpsertOptions,
} from "./sinks/postgres/postgres-options.ts"
export type { PostgresClient, PostgresPool } from "./sinks/postgres/postgres-pool.ts"
export { type RejectsCsvOptions, rejectsCsv, rejectsNdjson } from "./sinks/rejects-file.ts"
