import type { Sink } from "../../contract/sink.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"
import type { Connection, Database } from "./database.ts"
import { requireLedger } from "./ledger/ledger.ts"
import { LoadSession } from "./load-session.ts"
import { migrateConnection } from "./migrate.ts"
import { poolDatabase } from "./pool-database.ts"
import type { ConnectionOptions, LoadOptions, PostgresOptions } from "./postgres-options.ts"
import { sinkError } from "./sink-error.ts"
import { urlDatabase } from "./url-database.ts"

/**
 * Loads passing rows into a table of PostgreSQL: for one version of one file the effect is once, readers see nothing or all of it, and
 * every row that does not go in is kept with its reasons in the ledger (schema `rowgate`, made by `migrate`).
 *
 * T comes from `.into(...)`. Apart from a pipeline, name it: `postgres<Order>({ ... })`.
 * Throws `SINK_UNREACHABLE`, `SINK_SCHEMA_MISMATCH`, `SINK_BUSY`, `SINK_REFUSED`, `LEDGER_MISSING`.
 */
export function postgres<T>(options: PostgresOptions<NoInfer<T>>): Sink<T> {
  return sqlSink("postgres", options, () => databaseOf(options))
}

/** A sink over any database that speaks PostgreSQL's SQL. Nothing connects before `open`. */
export function sqlSink<T>(kind: string, options: LoadOptions<NoInfer<T>>, connect: () => Promise<Database>): Sink<T> {
  let database: Promise<Database> | undefined
  let ledger: Promise<void> | undefined
  return {
    name: `${kind}:${options.schema === undefined ? "" : `${options.schema}.`}${options.table}`,
    delivery: "once",
    async open(context, delivery) {
      database ??= connect().catch((error: unknown) => {
        database = undefined
        throw error
      })
      const { name } = await database
      const connection = await (await database).connect().catch((error: unknown) => {
        throw sinkError(error, name)
      })
      try {
        ledger ??= prepareLedger(connection, name, options.migrate === true)
        await ledger
      } catch (error) {
        ledger = undefined
        connection.release()
        throw sinkError(error, name)
      }
      return LoadSession.open({ connection, context, delivery, options, name })
    },
    async close() {
      const open = database
      database = undefined
      ledger = undefined
      await (await open)?.close()
    },
  }
}

async function prepareLedger(connection: Connection, database: string, migrate: boolean): Promise<void> {
  if (migrate) await migrateConnection(connection)
  else await requireLedger(connection, database)
}

async function databaseOf({ pool, url }: ConnectionOptions): Promise<Database> {
  if (pool !== undefined && url === undefined) return poolDatabase(pool)
  if (url !== undefined && pool === undefined) return urlDatabase(url)
  throw new RowgateError({
    code: "CONFIG_INVALID",
    message: "postgres() needs a pool or a url, and not both",
    remedy: 'Give it `pool: new pg.Pool(...)`, or `url: "postgres://..."`.',
  })
}
