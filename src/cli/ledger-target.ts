import { existsSync } from "node:fs"
import { connectPatiently } from "../postgres/connection/connect-patiently.ts"
import type { Database } from "../postgres/connection/database.ts"
import type { PostgresPool } from "../postgres/connection/postgres-pool.ts"
import { urlDatabase } from "../postgres/connection/url-database.ts"
import { migrateConnection } from "../postgres/ledger/migrate.ts"
import { openDirectory } from "../postgres/pglite/pglite.ts"
import type { CommandCall, OptionSpec } from "./command.ts"
import { configuration } from "./ingest-settings.ts"
import { defaultTarget, parseTarget, type Target } from "./target.ts"
import { usageError } from "./usage-error.ts"

/** Options of every command that looks into a ledger. */
export const ledgerOptions = {
  to: { value: "TARGET", about: "postgres://user@host/database or pglite:DIR (default DATABASE_URL, else pglite:.rowgate/db)" },
  config: { value: "FILE", about: "module that exports defineConfig({ ... }), for its `to` (default: rowgate.config.ts, if there is one)" },
} as const satisfies { readonly [name: string]: OptionSpec }

/** Does something with the ledger that a command line names, and closes it. */
export async function withLedger<R>(call: CommandCall, command: string, work: (ledger: PostgresPool) => Promise<R>): Promise<R> {
  const { args, io, environment, signal } = call
  const { to } = await configuration(args, io.cwd, command)
  const target = parseTarget(args.text("to") ?? to ?? environment.databaseUrl ?? defaultTarget, io.cwd)
  const database = await open(target, command, signal)
  try {
    return await work(asPool(database))
  } finally {
    await database.close()
  }
}

async function open(target: Target, command: string, signal: AbortSignal): Promise<Database> {
  if (target.kind === "postgres") return urlDatabase(target.url)
  if (target.kind === "ndjson") throw usageError("A file of rows has no ledger: name a database with --to.", command)
  if (!existsSync(target.directory)) throw usageError(`There is no database in ${target.directory}: name another one with --to.`, command)
  const database = await openDirectory(target.directory)
  // An embedded ledger is kept up to date by itself, whoever opens it.
  const connection = await connectPatiently(database, signal)
  await migrateConnection(connection).finally(() => connection.release())
  return database
}

function asPool(database: Database): PostgresPool {
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
