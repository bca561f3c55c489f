export { type MigrateOptions, type MigrateReport, migrate } from "./sinks/postgres/migrate.ts"
export { postgres } from "./sinks/postgres/postgres.ts"
export type {
  AppendOptions,
  ConnectionOptions,
  KeyColumn,
  LoadOptions,
  PostgresOptions,
  TableOptions,
} from "./sinks/postgres/postgres-options.ts"
export type { PostgresClient, PostgresPool } from "./sinks/postgres/postgres-pool.ts"
