import { RowgateError } from "../../errors/rowgate-error.ts"
import type { ColumnSpec } from "../../model/column-spec.ts"
import type { Connection } from "../connection/database.ts"
import { faultOf } from "../connection/sink-error.ts"
import { type AnyLoadOptions, mayChangeTable, unexpectedPolicy } from "../load-modes.ts"
import { identifier } from "../sql/quoted-names.ts"
import { databaseColumn, lineageColumns, type NamedColumns, withNames } from "./column-names.ts"
import { createTableSql } from "./create-table.ts"
import { historyColumns } from "./history-columns.ts"
import { type LayoutOptions, layout, refuseDuplicates } from "./layout.ts"
import { schemaChanges } from "./schema-changes.ts"
import { namedTable, type TargetTable, targetColumns, targetTable } from "./target-table.ts"

/** A table that does not exist yet. */
const unnamed: NamedColumns = { columns: new Set<string>() }

/** A new table and the statement that created it. */
export interface CreatedTable {
  readonly table: TargetTable
  readonly ddl: readonly string[]
}

/**
 * Reads the target. If it is missing or has to be changed, and the options allow that, returns it as it will be, without creating or changing it.
 * `columns` are those of the rows; empty if nothing declares them.
 */
export async function openTarget(connection: Connection, columns: readonly ColumnSpec[], options: AnyLoadOptions): Promise<TargetTable> {
  const named = namedTable(options.table, options.schema)
  const found = await targetTable(connection, named)
  if (found === undefined && options.createTable !== true) throw noTable(named, options.table)
  if (found === undefined) return tableToCreate(connection, options)
  if (columns.length === 0) return found
  const target = withNames(found, namesOf(columns), options)
  const table = await withChanges(connection, target, changesFor(target, columns, options))
  // Another load has added columns since the table was read.
  if (table === undefined) return openTarget(connection, columns, options)
  checkLayout(table, takenColumns(table, columns, options), options)
  return table
}

/** Creates the table in the transaction of the load. Other sessions see it after the commit. */
export async function createTargetTable(
  connection: Connection,
  unmade: TargetTable,
  columns: readonly ColumnSpec[],
  options: AnyLoadOptions,
): Promise<CreatedTable> {
  const { sql } = unmade
  const planned = withNames(unnamed, namesOf(columns), options)
  refuseDuplicates(
    unmade,
    columns.map(({ name }) => ({ name: databaseColumn(name, options, planned), source: name })),
  )
  const specs = tableColumnSpecs(columns, options, planned)
  refuseWidth(unmade, specs.length)
  const statement = createTableSql(sql, specs, keyOf(options, planned))
  const isOurs = await createUnlessExists(connection, statement)
  const found = await targetTable(connection, sql)
  if (found === undefined) throw new Error(`the table ${sql} was created but does not exist`)
  const table = withNames(found, namesOf(columns), options)
  checkLayout(table, columns, options)
  return { table, ddl: isOurs ? [statement] : [] }
}

/** Returns false if another program created it meanwhile. In that case, IF NOT EXISTS fails by a unique index of the catalog. */
async function createUnlessExists(connection: Connection, statement: string): Promise<boolean> {
  await connection.query("SAVEPOINT rowgate_make")
  try {
    await connection.query(statement)
    await connection.query("RELEASE SAVEPOINT rowgate_make")
    return true
  } catch (error) {
    if (faultOf(error).code !== "23505") throw error
    await connection.query("ROLLBACK TO SAVEPOINT rowgate_make")
    await connection.query("RELEASE SAVEPOINT rowgate_make")
    return false
  }
}

/** The actions of the ALTER TABLE that fits the table to the contract; none if the options do not allow it. */
export function changesFor(table: TargetTable, columns: readonly ColumnSpec[], options: AnyLoadOptions): readonly string[] {
  if (!mayChangeTable(options)) return []
  const adds = unexpectedPolicy(options) === "evolve"
  const wanted = adds ? columns : columns.filter(({ name }) => isColumnOf(table, name, options))
  return schemaChanges(table, tableColumnSpecs(wanted, options, table), { widen: options.evolve === true })
}

/** The columns of the rows that the load takes: all of them, unless the options say that those without a place in the table are left out. */
function takenColumns(table: TargetTable, columns: readonly ColumnSpec[], options: AnyLoadOptions): readonly ColumnSpec[] {
  const policy = unexpectedPolicy(options)
  return policy === "discardColumn" || policy === "rejectRow" ? columns.filter(({ name }) => isColumnOf(table, name, options)) : columns
}

function isColumnOf(table: TargetTable, column: string, options: AnyLoadOptions): boolean {
  return table.columns.has(databaseColumn(column, options, table))
}

/** In a history, the load fills the columns of the validity. */
export function layoutOptions(options: AnyLoadOptions, table: NamedColumns): LayoutOptions {
  const { naming, columns, quality, sequence, lineage } = options
  const history = historyColumns(options, table)
  const filled = history === undefined ? [] : [history.validFrom, history.validTo]
  return { naming, columns, quality, sequence, lineage, filled }
}

/** Finds columns that do not fit before the first row. */
function checkLayout(table: TargetTable, columns: readonly ColumnSpec[], options: AnyLoadOptions): void {
  layout(table, namesOf(columns), layoutOptions(options, table))
}

/** A table that does not exist yet, in the schema that the options name, or else in the first existing schema of the search path. */
async function tableToCreate(connection: Connection, { table, schema }: AnyLoadOptions): Promise<TargetTable> {
  const { rows } = await connection.query(
    "SELECT CASE WHEN $1::text IS NULL THEN current_schema()::text ELSE (SELECT nspname::text FROM pg_namespace WHERE nspname = $1) END AS schema",
    [schema ?? null],
  )
  const into = rows[0]?.["schema"]
  if (typeof into !== "string") throw noSchema(table, schema)
  const sql = `${identifier(into)}.${identifier(table)}`
  const properties = { oid: 0, unlogged: false, exists: false, isView: false, takesCopy: true, hasPolicies: false, changes: [] }
  return { schema: into, table, sql, columns: new Map(), ...properties }
}

/**
 * The table as it will be after changes; undefined if it has other columns than `table` says by now. The changes are tried on a copy of its
 * definition, which locks nobody out of the table.
 */
async function withChanges(connection: Connection, table: TargetTable, changes: readonly string[]): Promise<TargetTable | undefined> {
  if (changes.length === 0) return table
  if (table.isView) throw viewNotChanged(table)
  refuseWidth(table, table.columns.size + changes.filter((change) => change.startsWith("ADD COLUMN")).length)
  const shape = "pg_temp.rowgate_shape"
  const like = "INCLUDING DEFAULTS INCLUDING IDENTITY INCLUDING GENERATED INCLUDING CONSTRAINTS"
  await connection.query("SAVEPOINT rowgate_shape")
  await connection.query(`CREATE TEMP TABLE ${shape} (LIKE ${table.sql} ${like})`)
  const current = await targetColumns(connection, shape)
  const isCurrent = current.size === table.columns.size && [...current.keys()].every((name) => table.columns.has(name))
  if (isCurrent) await connection.query(`ALTER TABLE ${shape} ${changes.join(", ")}`)
  const columns = await targetColumns(connection, shape)
  await connection.query("ROLLBACK TO SAVEPOINT rowgate_shape")
  await connection.query("RELEASE SAVEPOINT rowgate_shape")
  return isCurrent ? { ...table, columns, changes } : undefined
}

/** Columns that a load writes to a table, with their names there. */
export function tableColumnSpecs(columns: readonly ColumnSpec[], options: AnyLoadOptions, table: NamedColumns): readonly ColumnSpec[] {
  const named = withNames(table, namesOf(columns), options)
  const specs: ColumnSpec[] = columns.map((column) => ({ ...column, name: databaseColumn(column.name, options, named) }))
  const { quality, sequence, lineage } = options
  if (quality !== undefined) specs.push({ name: quality, kind: "number", nullable: true })
  if (sequence !== undefined) specs.push({ name: sequence, kind: "integer", nullable: true })
  if (lineage === true) specs.push(...lineageColumns.map((column) => ({ ...column, nullable: true })))
  if (options.mode === "scd2") {
    const { validFrom, validTo } = historyColumns(options, table)
    specs.push({ name: validFrom, kind: "timestamp", nullable: false }, { name: validTo, kind: "timestamp", nullable: true })
  }
  return specs
}

function keyOf(options: AnyLoadOptions, table: NamedColumns): readonly string[] {
  const key = "key" in options ? options.key.map((column) => databaseColumn(column, options, table)) : []
  return options.mode === "scd2" ? [...key, historyColumns(options, table).validFrom] : key
}

/** The most columns of a table in PostgreSQL. */
const mostColumns = 1600

function refuseWidth({ schema, table }: TargetTable, columns: number): void {
  if (columns <= mostColumns) return
  throw new RowgateError({
    code: "SINK_SCHEMA_MISMATCH",
    message: `${schema}.${table} would have ${columns.toLocaleString("en-US")} columns, but PostgreSQL holds at most 1,600 in a table.`,
    remedy: "Name the columns that you need in a schema, which drops the others, or turn the columns into rows before you load them.",
    origin: { table },
  })
}

function namesOf(columns: readonly ColumnSpec[]): readonly string[] {
  return columns.map(({ name }) => name)
}

function noTable(named: string, table: string): RowgateError {
  return new RowgateError({
    code: "SINK_SCHEMA_MISMATCH",
    message: `The database has no table ${named}.`,
    remedy: "Create the table, or set `createTable: true`.",
    origin: { table },
  })
}

function noSchema(table: string, schema: string | undefined): RowgateError {
  const reason = schema === undefined ? "no schema of the search path exists" : `the database has no schema ${schema}`
  return new RowgateError({
    code: "SINK_SCHEMA_MISMATCH",
    message: `The table ${table} cannot be created: ${reason}.`,
    remedy: "Create the schema, or name another one in `schema`.",
    origin: { table },
  })
}

function viewNotChanged({ schema, table }: TargetTable): RowgateError {
  return new RowgateError({
    code: "SINK_SCHEMA_MISMATCH",
    message: `${schema}.${table} is a view whose columns do not fit what the pipeline declares, and \`evolve\` only changes tables.`,
    remedy: "Change the view yourself.",
    origin: { table },
  })
}
