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

/** How long a change of the table waits for others who use it. */
const lockTimeout = "5s"

/**
 * The target as it is, or as it is made or widened where the options allow that; undefined where nothing declares the columns of a table
 * that has yet to be made. `columns` are the row's.
 */
export async function openTarget(
  connection: Connection,
  columns: readonly ColumnSpec[],
  options: AnyLoadOptions,
): Promise<OpenTarget | undefined> {
  const named = namedTable(options.table, options.schema)
  const found = await targetTable(connection, named)
  if (found === undefined && options.createTable !== true) throw missing(named, options.table)
  if (columns.length === 0) return found && { table: found, ddl: [] }
  const ddl = statements(named, found, columns, options)
  for (const statement of ddl) await change(connection, statement)
  const table = ddl.length === 0 ? found : await targetTable(connection, named)
  if (table === undefined) throw new Error(`the table ${named} was made and is not there`)
  const names = columns.map(({ name }) => name)
  layout(table, names, layoutOptions(options))
  return { table, ddl }
}

/** In a history, the columns of validity are filled by the load itself. */
export function layoutOptions(options: AnyLoadOptions): LayoutOptions {
  const { naming, columns, quality, lineage } = options
  const filled = options.mode === "scd2" ? validity(options) : []
  return { naming, columns, quality, lineage, filled }
}

function statements(
  named: string,
  found: TargetTable | undefined,
  columns: readonly ColumnSpec[],
  options: AnyLoadOptions,
): readonly string[] {
  const specs: ColumnSpec[] = columns.map((column) => ({ ...column, name: databaseName(column.name, options) }))
  const { quality, lineage } = options
  if (quality !== undefined) specs.push({ name: quality, kind: "number", nullable: true })
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

/** One savepoint or transaction a statement: the time-out for locks must not outlive it. */
async function change(connection: Connection, statement: string): Promise<void> {
  const { rows } = await connection.query("SELECT current_setting('lock_timeout') AS before")
  await connection.query(`SELECT set_config('lock_timeout', '${lockTimeout}', false)`)
  try {
    await connection.query(statement)
  } finally {
    await connection.query("SELECT set_config('lock_timeout', $1, false)", [rows[0]?.["before"]]).catch(() => undefined)
  }
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
