import type { Sink } from "../contract/sink.ts"
import { RowgateError } from "../errors/rowgate-error.ts"
import type { Database } from "./connection/database.ts"
import { poolDatabase } from "./connection/pool-database.ts"
import { urlDatabase } from "./connection/url-database.ts"
import type { AnyLoadOptions } from "./load-modes.ts"
import type { ConnectionOptions, PostgresOptions } from "./postgres-options.ts"
import { sqlSink } from "./sql-sink.ts"

/**
 * Loads passing rows into a table of PostgreSQL. Each version of a file takes effect once, and readers see all of it or nothing. Rows that are
 * not loaded are kept with their reasons in the ledger (schema `rowgate`, created by `migrate`).
 *
 * `.into(...)` infers T. Outside of a pipeline, name it: `postgres<Order>({ ... })`.
 * Throws `SINK_UNREACHABLE`, `SINK_SCHEMA_MISMATCH`, `SINK_BUSY`, `SINK_REFUSED`, `LEDGER_MISSING`, `LEASE_LOST`, `COMMIT_UNKNOWN`.
 */
export function postgres<T>(options: PostgresOptions<NoInfer<T>>): Sink<T> {
  return sqlSink({ kind: "postgres", options, connect: () => openDatabase(options) })
}

async function openDatabase(options: ConnectionOptions & Pick<AnyLoadOptions, "control">): Promise<Database> {
  const { pool, url } = options
  if (pool !== undefined && url === undefined) return poolDatabase(pool)
  if (url !== undefined && pool === undefined) return urlDatabase(url, { ...options, preconnect: options.control === false ? 1 : 2 })
  throw new RowgateError({
    code: "CONFIG_INVALID",
    message: "postgres() needs either a pool or a url.",
    remedy: 'Pass `pool: new pg.Pool(...)` or `url: "postgres://..."`.',
  })
}
