export type { StoredReject, StoredRejects } from "./model/stored-reject.ts"
export type { CopyIn, WireCopy } from "./postgres/connection/database.ts"
export { fromPostgresJs, type PostgresJsOptions } from "./postgres/connection/postgres-js.ts"
export type { PostgresClient, PostgresPool } from "./postgres/connection/postgres-pool.ts"
export type { FollowUpOutcome } from "./postgres/ledger/follow-ups.ts"
export { type MigrateOptions, type MigrateReport, migrate } from "./postgres/ledger/migrate.ts"
export { type DropStalePartsOptions, dropStaleParts } from "./postgres/operations/drop-stale-parts.ts"
export { type FailLostRunsOptions, failLostRuns } from "./postgres/operations/fail-lost-runs.ts"
export { type FileQuestion, type FileState, type FileStatesOptions, fileStates } from "./postgres/operations/file-states.ts"
export {
  type FailFollowUpOptions,
  type FileCopy,
  type FinishFollowUpOptions,
  failFollowUp,
  finishFollowUp,
  forgetCopies,
  type PruneFollowUpsOptions,
  pruneFollowUps,
  type TakeFollowUpsOptions,
  type TakenFollowUp,
  takeFollowUps,
} from "./postgres/operations/follow-ups.ts"
export { type GrantLoadsOptions, type GrantLoadsReport, grantLoads } from "./postgres/operations/grant-loads.ts"
export type { LedgerAccess } from "./postgres/operations/ledger-access.ts"
export { type DatabaseKeys, type PostgresKeysOptions, postgresKeys } from "./postgres/operations/postgres-keys.ts"
export { type PurgedCopy, type PurgeOptions, type PurgeReport, purge } from "./postgres/operations/purge.ts"
export { type FailedDelivery, recordFailure } from "./postgres/operations/record-failure.ts"
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
export { postgres } from "./postgres/postgres.ts"
export type {
  AppendOptions,
  ConnectionOptions,
  DeleteMissingOptions,
  HistoryOptions,
  KeyColumn,
  KeyOptions,
  LoadOptions,
  PoolOptions,
  PostgresOptions,
  TableOptions,
  UpsertOptions,
  UrlOptions,
} from "./postgres/postgres-options.ts"
export { type RejectsCsvOptions, rejectsCsv, rejectsNdjson } from "./sinks/rejects-file.ts"
