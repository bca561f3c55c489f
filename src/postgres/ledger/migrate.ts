import { RowgateError } from "../../errors/rowgate-error.ts"
import { checkArgument } from "../../options/check-argument.ts"
import { checkOptions } from "../../options/check-options.ts"
import { oneOf, text } from "../../options/option-kinds.ts"
import type { Connection } from "../connection/database.ts"
import { poolDatabase } from "../connection/pool-database.ts"
import { type PostgresPool, poolKind } from "../connection/postgres-pool.ts"
import { sinkError } from "../connection/sink-error.ts"
import { gooseFile } from "./goose-file.ts"
import { type Migration, migrations } from "./migrations.ts"
import { VersionTable } from "./version-table.ts"

/** Options of `migrate`. */
export interface MigrateOptions {
  /** `"up"` (default) applies every missing migration. `"down"` undoes the newest one; the data of its tables is lost. */
  readonly direction?: "up" | "down" | undefined
  /**
   * The table that records which migrations were applied, as `"schema.table"`, in goose's format. Default: `"rowgate.goose_db_version"`. Without a
   * schema, the search path of the connection finds it.
   */
  readonly versionTable?: string | undefined
}

/** What `migrate` did. */
export interface MigrateReport {
  /** The migrations that were applied or undone, in order, as `"version name"`. */
  readonly steps: readonly string[]
}

/** An arbitrary number: the advisory lock of the ledger's migrations. */
const lock = "7239485103948571"

/**
 * Creates the ledger's schema or brings it up to date, in one transaction. With `direction: "down"`, undoes the newest migration instead. You can call
 * it at any time; calls at the same time wait for each other. Throws `SINK_UNREACHABLE`, `SINK_REFUSED` if the user may not create a schema, or
 * `CONFIG_INVALID` if no table records which migrations were applied.
 */
export async function migrate(pool: PostgresPool, options: MigrateOptions = {}): Promise<MigrateReport> {
  checkArgument("migrate()", pool, poolKind())
  checkOptions("migrate()", options, { direction: oneOf("up", "down"), versionTable: text('a table, such as "rowgate.goose_db_version"') })
  const database = poolDatabase(pool)
  const connection = await database.connect().catch((error: unknown) => {
    throw sinkError(error, database.name)
  })
  try {
    return await migrateConnection(connection, options)
  } finally {
    connection.release()
  }
}

/** Runs `migrate` on a connection without an open transaction. */
export async function migrateConnection(connection: Connection, options: MigrateOptions = {}): Promise<MigrateReport> {
  try {
    await connection.query("BEGIN")
    await connection.query("SELECT pg_advisory_xact_lock($1::bigint)", [lock])
    const versions = await VersionTable.open(connection, options.versionTable)
    const report = options.direction === "down" ? await down(connection, versions) : await up(connection, versions)
    await connection.query("COMMIT")
    return report
  } catch (error) {
    await connection.query("ROLLBACK").catch(() => undefined)
    throw sinkError(error, "the ledger's migration")
  }
}

/** Applies the missing migrations in the open transaction of the connection, for a plan. */
export async function migrateWithin(connection: Connection): Promise<MigrateReport> {
  await connection.query("SELECT pg_advisory_xact_lock($1::bigint)", [lock])
  return up(connection, await VersionTable.open(connection))
}

async function up(connection: Connection, versions: VersionTable): Promise<MigrateReport> {
  const applied = await versions.applied()
  const missing = migrations.filter(({ version }) => !applied.has(version))
  for (const migration of missing) {
    for (const statement of gooseFile(migration.sql).up) await connection.query(statement)
    await versions.add(migration.version)
  }
  return { steps: missing.map(title) }
}

async function down(connection: Connection, versions: VersionTable): Promise<MigrateReport> {
  const applied = await versions.applied()
  const newest = migrations.findLast(({ version }) => applied.has(version))
  if (newest === undefined) return { steps: [] }
  const undo = gooseFile(newest.sql).down
  if (undo.length === 0) {
    throw new RowgateError({
      code: "CONFIG_INVALID",
      message: `The migration ${title(newest)} cannot be undone.`,
      remedy: "Restore a backup instead.",
    })
  }
  for (const statement of undo) await connection.query(statement)
  await versions.remove(newest.version)
  return { steps: [title(newest)] }
}

function title({ version, name }: Migration): string {
  return `${version} ${name}`
}
