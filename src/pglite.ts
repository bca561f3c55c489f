export type { StoredReject, StoredRejects } from "./model/stored-reject.ts"
export type { CopyIn, WireCopy } from "./postgres/connection/database.ts"
export type { PostgresClient, PostgresPool } from "./postgres/connection/postgres-pool.ts"
export type { LedgerAccess } from "./postgres/operations/ledger-access.ts"
export { type PurgeOptions, type PurgeReport, purge } from "./postgres/operations/purge.ts"
export { type StoredRejectsOptions, storedRejects } from "./postgres/operations/stored-rejects.ts"
export {
  type RunStatus,
  type StoredRun,
  type StoredRunOptions,
  type StoredRunsOptions,
  storedRun,
  storedRuns,
} from "./postgres/operations/stored-runs.ts"
export { type TableGuides, type TableGuidesOptions, tableGuides } from "./postgres/operations/table-guides.ts"
export {
  type PgliteConnectionOptions,
  type PgliteDatabaseOptions,
  type PgliteDirectoryOptions,
  type PgliteOptions,
  pglite,
} from "./postgres/pglite/pglite.ts"
export type { Pglite } from "./postgres/pglite/pglite-database.ts"
export type {
  AppendOptions,
  DeleteMissingOptions,
  HistoryOptions,
  KeyColumn,
  KeyOptions,
  LoadOptions,
  TableOptions,
  UpsertOptions,
} from "./postgres/postgres-options.ts"
export { type RejectsCsvOptions, rejectsCsv, rejectsNdjson } from "./sinks/rejects-file.ts"
