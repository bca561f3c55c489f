export { type MigrateOptions, type MigrateReport, migrate } from "./sinks/postgres/migrate.ts"
export { postgres } from "./sinks/postgres/postgres.ts"
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
