import { connectPatiently } from "../connection/connect-patiently.ts"
import type { Database } from "../connection/database.ts"
import type { PostgresPool } from "../connection/postgres-pool.ts"
import { urlDatabase } from "../connection/url-database.ts"
import { type MigrateOptions, type MigrateReport, migrateConnection } from "../ledger/migrate.ts"
import { openEmbedded } from "../pglite/pglite.ts"
import type { UrlOptions } from "../postgres-options.ts"

/** Where a ledger is: in a server, by its connection string, or in the directory of an embedded database. */
export type LedgerPlace =
  | ({ readonly kind: "postgres" } & Pick<UrlOptions, "url" | "ssl" | "password">)
  | { readonly kind: "pglite"; readonly directory: string }

/** An open ledger. Pass `pool` to `storedRuns`, `storedRun`, `storedRejects` and `purge`. */
export interface OpenLedger extends AsyncDisposable {
  readonly pool: PostgresPool
  /** Applies the missing migrations of the ledger, or undoes the newest one. */
  migrate(options?: MigrateOptions): Promise<MigrateReport>
}

/** Opens a ledger. One in an embedded database is brought up to date first, as every load into it does. */
export async function openLedger(place: LedgerPlace, signal: AbortSignal): Promise<OpenLedger> {
  const database = place.kind === "postgres" ? await urlDatabase(place.url, place) : await openEmbedded(place.directory)
  const ledger: OpenLedger = {
    pool: poolOf(database),
    async migrate(options) {
      const connection = await connectPatiently(database, signal)
      return migrateConnection(connection, options).finally(() => connection.release())
    },
    [Symbol.asyncDispose]: () => database.close(),
  }
  if (place.kind === "postgres") return ledger
  try {
    await ledger.migrate()
    return ledger
  } catch (error) {
    await database.close()
    throw error
  }
}

function poolOf(database: Database): PostgresPool {
  return {
    async connect() {
      const connection = await database.connect()
      return {
        async query(text, values) {
          const { rows, rowCount } = await connection.query(text, values)
          return { rows: [...rows], rowCount }
        },
        release: (error) => connection.release(error !== undefined && error !== false),
      }
    },
  }
}
