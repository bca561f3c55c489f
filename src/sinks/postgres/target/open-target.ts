import { RowgateError } from "../../../errors/rowgate-error.ts"
import type { ColumnSpec } from "../../../model/column-spec.ts"
import type { Connection } from "../database.ts"
import type { AnyLoadOptions } from "../load-mode.ts"
import { databaseName, lineageColumns } from "./column-names.ts"
import { createTableSql } from "./create-table.ts"
import { evolution } from "./evolve.ts"
import { type LayoutOptions, layout } from "./layout.ts"
import { namedTable, type TargetTable, targetTable } from "./target-table.ts"

/** The target, ready for rows, and the statements that made it so. */
export interface OpenTarget {
  readonly table: TargetTable
  readonly ddl: readonly string[]
}

/** How long a change of the table waits for others who use it, or change it as well. */
const lockTimeout = "5s"

/**
 * The target as it is, or as it is made or widened where the options allow that; undefined where nothing declares the columns of a table
 * that has yet to be made. `columns` are the row's. What has to be changed is, in a transaction that is open already or in one of its own.
 */
export async function openTarget(
  connection: Connection,
  columns: readonly ColumnSpec[],
  options: AnyLoadOptions,
  inTransaction: boolean,
): Promise<OpenTarget | undefined> {
  const named = namedTable(options.table, options.schema)
  const found = await targetTable(connection, named)
  if (found === undefined && options.createTable !== true) throw missing(named, options.table)
  if (columns.length === 0) return found && { table: found, ddl: [] }
  const needed = statements(named, found, columns, options)
  const ddl = needed.length === 0 ? needed : await change()
  const table = needed.length === 0 ? found : await targetTable(connection, named)
  if (table === undefined) throw new Error(`the table ${named} was made and is not there`)
  const names = columns.map(({ name }) => name)
  layout(table, names, layoutOptions(options))
  return { table, ddl }

  /** Two loads that begin together both see what is missing: the second one looks again when the first is done. */
  async function change(): Promise<readonly string[]> {
    if (!inTransaction) await connection.query("BEGIN")
    try {
      const { rows } = await connection.query("SELECT current_setting('lock_timeout') AS before")
      // A date that becomes an instant is midnight UTC, as everywhere; a load's own transaction has set the zone already.
      await connection.query(`SELECT set_config('lock_timeout', '${lockTimeout}', true), set_config('timezone', 'UTC', true)`)
      await connection.query("SELECT pg_advisory_xact_lock(hashtextextended('rowgate changes ' || $1, 0))", [named])
      const statementsNow = statements(named, await targetTable(connection, named), columns, options)
      for (const statement of statementsNow) await connection.query(statement)
      await connection.query("SELECT set_config('lock_timeout', $1, true)", [rows[0]?.["before"]])
      if (!inTransaction) await connection.query("COMMIT")
      return statementsNow
    } catch (error) {
      if (!inTransaction) await connection.query("ROLLBACK").catch(() => undefined)
      throw error
    }
  }
}

/** In a history, the columns of validity are filled by the load itself. */
export function layoutOptions(options: AnyLoadOptions): LayoutOptions {
  const { naming, columns, quality, sequence, lineage } = options
  const filled = options.mode === "scd2" ? validity(options) : []
  return { naming, columns, quality, sequence, lineage, filled }
}

function statements(
  named: string,
  found: TargetTable | undefined,
  columns: readonly ColumnSpec[],
  options: AnyLoadOptions,
): readonly string[] {
  const specs: ColumnSpec[] = columns.map((column) => ({ ...column, name: databaseName(column.name, options) }))
  const { quality, sequence, lineage } = options
  if (quality !== undefined) specs.push({ name: quality, kind: "number", nullable: true })
  if (sequence !== undefined) specs.push({ name: sequence, kind: "integer", nullable: true })
  if (lineage === true) specs.push(...lineageColumns.map((column) => ({ ...column, nullable: true })))
  const key = "key" in options ? options.key.map((column) => databaseName(column, options)) : []
  if (options.mode === "scd2") {
    const [from, to] = validity(options)
    specs.push({ name: from, kind: "timestamp", nullable: false }, { name: to, kind: "timestamp", nullable: true })
    key.push(from)
  }
  if (found === undefined) return [createTableSql(named, specs, key)]
  return options.evolve === true ? evolution(found, specs) : []
}

function validity(options: Extract<AnyLoadOptions, { mode: "scd2" }>): readonly [string, string] {
  return [options.validFrom ?? "valid_from", options.validTo ?? "valid_to"]
}

function missing(named: string, table: string): RowgateError {
  return new RowgateError({
    code: "SINK_SCHEMA_MISMATCH",
    message: `the database has no table ${named}`,
    remedy: "Create the table, or let the sink make it with `createTable: true`.",
    origin: { table },
  })
}
