export { type PgliteConnectionOptions, type PgliteOptions, pglite } from "./sinks/pglite/pglite.ts"
export type { Pglite } from "./sinks/pglite/pglite-database.ts"
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
