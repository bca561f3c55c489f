import { RowgateError } from "../../errors/rowgate-error.ts"
import type { Connection } from "../connection/database.ts"
import { poolDatabase } from "../connection/pool-database.ts"
import type { PostgresPool } from "../connection/postgres-pool.ts"
import { sinkError } from "../connection/sink-error.ts"
import { gooseFile } from "./goose-file.ts"
import { type Migration, migrations } from "./migrations.ts"
import { VersionTable } from "./version-table.ts"

/** Options of `migrate`. */
export interface MigrateOptions {
  /** `"up"` (default) applies every missing step; `"down"` undoes the newest one, and what it held is lost. */
  readonly direction?: "up" | "down" | undefined
  /**
   * The table that says which steps were applied, as `"schema.table"`. Default `"rowgate.goose_db_version"`, in the form that goose
   * reads and writes. Without a schema it is found by the search path of the connection.
   */
  readonly versionTable?: string | undefined
}

/** What `migrate` has done. */
export interface MigrateReport {
  /** Steps that were applied, or undone, in order. */
  readonly steps: readonly string[]
}

/** An arbitrary number that stands for the ledger's migrations of one database. */
const lock = "7239485103948571"

/**
 * Brings the ledger's schema up to date, or one step back, in one transaction. Safe to call twice at once: the second waits.
 * Throws `SINK_UNREACHABLE`, `SINK_REFUSED` where the user may not create a schema, or `CONFIG_INVALID` where no table records what was applied.
 */
export async function migrate(pool: PostgresPool, options: MigrateOptions = {}): Promise<MigrateReport> {
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

/** `migrate` on a connection at hand, outside of a transaction. */
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

/** The missing steps within a transaction that is under way, and ends as it will: for a plan. */
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
      message: `The step ${title(newest)} cannot be undone.`,
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
