import { createHash } from "node:crypto"
import type { ColumnSpec } from "../../model/column-spec.ts"
import type { Connection } from "../connection/database.ts"
import type { AnyLoadOptions } from "../load-modes.ts"
import { identifier } from "../sql/quoted-names.ts"
import { ordinal } from "../stage/typed-stage.ts"
import { tableConstraints } from "../target/constraints.ts"
import { createTableSql } from "../target/create-table.ts"
import { openTarget, tableColumnSpecs } from "../target/open-target.ts"
import { type TargetTable, targetColumns } from "../target/target-table.ts"

/** Rows of a part have ordinals from its number times this. So parts can be staged in any order, and rows keep theirs. */
export const partOrdinals = 2 ** 32

/** The table in which the parts of a delivery are staged. */
export function stagingTableName(delivery: string): string {
  return `stage_${createHash("sha256").update(delivery).digest("hex").slice(0, 32)}`
}

/** The name of a staging table as SQL. */
export function stagingTableSql(name: string): string {
  return `rowgate.${identifier(name)}`
}

/** What a staging table is made for. */
export interface StagingTableOptions {
  readonly connection: Connection
  readonly options: AnyLoadOptions
  /** Columns that the pipeline declares. */
  readonly declared: readonly ColumnSpec[]
  /** Those of the rows, for a target that does not exist yet or that may evolve. */
  readonly specs: readonly ColumnSpec[]
}

/**
 * Creates a staging table with the columns of the target, as it will be when it is loaded. Unlike the temporary one of a load, it must not keep others from
 * dropping the target or its sequences.
 */
export async function createStagingTable(sql: string, on: StagingTableOptions): Promise<void> {
  const { connection, options, declared, specs } = on
  const target = await openTarget(connection, options.evolve === true ? specs : declared, options)
  if (target.exists) await createLike(connection, sql, target)
  else await connection.query(createTableSql(sql, tableColumnSpecs(specs, options, target)))
  await connection.query(`ALTER TABLE ${sql} ADD COLUMN ${ordinal} bigint`)
}

async function createLike(connection: Connection, sql: string, target: TargetTable): Promise<void> {
  const { needsTrial } = await tableConstraints(connection, target)
  // A trigger may still repair a row that a constraint would refuse.
  const constraints = needsTrial ? "" : " INCLUDING CONSTRAINTS"
  await connection.query(`CREATE TABLE ${sql} (LIKE ${target.sql} INCLUDING DEFAULTS INCLUDING GENERATED${constraints})`)
  if (target.changes.length > 0) await connection.query(`ALTER TABLE ${sql} ${target.changes.join(", ")}`)
  if (needsTrial) await dropNotNull(connection, sql, target.columns.keys())
  const { rows } = await connection.query(
    `SELECT a.attname::text AS name FROM pg_attrdef d JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
     WHERE d.adrelid = to_regclass($1) AND EXISTS (
       SELECT FROM pg_depend p JOIN pg_class s ON s.oid = p.refobjid AND s.relkind = 'S'
       WHERE p.classid = 'pg_attrdef'::regclass AND p.objid = d.oid AND p.refclassid = 'pg_class'::regclass)`,
    [sql],
  )
  for (const { name } of rows) {
    const column = identifier(String(name))
    await connection.query(`ALTER TABLE ${sql} ALTER COLUMN ${column} DROP DEFAULT, ALTER COLUMN ${column} DROP NOT NULL`)
  }
}

/** Lets columns be empty that the rows do not fill: the database fills them when the rows are loaded. */
export async function freeUnfilledColumns(connection: Connection, sql: string, filled: ReadonlySet<string>): Promise<void> {
  const columns = await targetColumns(connection, sql)
  const free = [...columns.values()].filter(({ name, notNull }) => notNull && !filled.has(name))
  await dropNotNull(
    connection,
    sql,
    free.map(({ name }) => name),
  )
}

async function dropNotNull(connection: Connection, sql: string, names: Iterable<string>): Promise<void> {
  for (const name of names) await connection.query(`ALTER TABLE ${sql} ALTER COLUMN ${identifier(name)} DROP NOT NULL`)
}

/**
 * Drops what was staged for a delivery. Writers of the table cannot commit any more, because their part is gone, so they are terminated. If others still use
 * the table, it stays until `dropStaleParts` finds it.
 */
export async function dropStaging(connection: Connection, delivery: string): Promise<void> {
  const table = stagingTableSql(stagingTableName(delivery))
  await connection.query("SAVEPOINT rowgate_drop")
  await endWriters(connection, table)
  await connection.query("RELEASE SAVEPOINT rowgate_drop")
  await connection.query("DELETE FROM rowgate.staging WHERE delivery = $1", [delivery])
  await dropTable(connection, table)
}

/** Drops a staging table. Resolves with false if it is in use, or belongs to another user. */
export async function dropTable(connection: Connection, table: string): Promise<boolean> {
  await connection.query("SAVEPOINT rowgate_drop")
  try {
    await connection.query("SELECT set_config('lock_timeout', '2s', true)")
    await connection.query(`DROP TABLE IF EXISTS ${table}`)
    await connection.query("RELEASE SAVEPOINT rowgate_drop")
    return true
  } catch {
    await connection.query("ROLLBACK TO SAVEPOINT rowgate_drop")
    await connection.query("RELEASE SAVEPOINT rowgate_drop")
    return false
  }
}

async function endWriters(connection: Connection, table: string): Promise<void> {
  try {
    await connection.query(
      `SELECT pg_terminate_backend(l.pid) FROM pg_locks l
       WHERE l.locktype = 'relation' AND l.relation = to_regclass($1) AND l.mode = 'RowExclusiveLock' AND l.pid <> pg_backend_pid()
         AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
      [table],
    )
  } catch {
    await connection.query("ROLLBACK TO SAVEPOINT rowgate_drop")
  }
}
