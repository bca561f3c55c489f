export type { StoredReject, StoredRejects } from "./model/stored-reject.ts"
export type { CopyIn, WireCopy } from "./sinks/postgres/database.ts"
export { type MigrateOptions, type MigrateReport, migrate } from "./sinks/postgres/migrate.ts"
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
export { postgres } from "./sinks/postgres/postgres.ts"
export { fromPostgresJs, type PostgresJsOptions } from "./sinks/postgres/postgres-js.ts"
export { type DatabaseKeys, type PostgresKeysOptions, postgresKeys } from "./sinks/postgres/postgres-keys.ts"
export type {
  AppendOptions,
  ConnectionOptions,
  DeleteMissingOptions,
  HistoryOptions,
  KeyColumn,
  KeyOptions,
  LoadOptions,
  PostgresOptions,
  TableOptions,
  UpsertOptions,
} from "./sinks/postgres/postgres-options.ts"
export type { PostgresClient, PostgresPool } from "./sinks/postgres/postgres-pool.ts"
export { type RejectsCsvOptions, rejectsCsv, rejectsNdjson } from "./sinks/rejects-file.ts"
