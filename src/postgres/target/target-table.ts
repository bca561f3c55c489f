import { RowgateError } from "../../errors/rowgate-error.ts"
import type { Connection } from "../connection/database.ts"
import { type ColumnFormat, columnFormat } from "../encode/column-format.ts"
import { identifier } from "../sql/quoted-names.ts"

/** A column of the target, from the catalog. */
export interface TargetColumn {
  readonly name: string
  /** The type as in DDL: `numeric(12,2)`. */
  readonly type: string
  readonly format: ColumnFormat
  readonly notNull: boolean
  /** Whether it has a default, an identity or an expression. */
  readonly hasDefault: boolean
  /** Whether the database computes it, so that nothing can be written. */
  readonly generated: boolean
  /** Whether `=` compares values of the type. There is none for json, and for geometric types it compares sizes. */
  readonly comparable: boolean
}

/** The number of INSERT among the commands of `pg_relation_is_updatable`. */
const insert = 3
/** Bits of `pg_trigger.tgtype`: FOR EACH ROW, INSERT, INSTEAD OF. */
const insteadOfInsert = 1 | 4 | 64

/** Whether a column of a view is an expression. A trigger or a rule for INSERT may accept such a column. */
const isComputed = `(SELECT relkind = 'v' FROM pg_class WHERE oid = attrelid) AND NOT pg_column_is_updatable(attrelid, attnum, false)
  AND NOT EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = attrelid AND t.tgtype & ${insteadOfInsert} = ${insteadOfInsert})
  AND NOT EXISTS (SELECT FROM pg_rewrite w WHERE w.ev_class = attrelid AND w.ev_type = '${insert}')`

const withoutEquality = /^_?(?:json|xml|point|line|lseg|box|path|polygon|circle)$/

/** The table that rows go to. */
export interface TargetTable {
  /** The table's oid. If the table is dropped and created again, it has another oid. */
  readonly oid: number
  /** Whether the server empties it after a crash. */
  readonly unlogged: boolean
  readonly schema: string
  readonly table: string
  /** Quoted, with its schema. */
  readonly sql: string
  readonly columns: ReadonlyMap<string, TargetColumn>
  /** The database column of each row column that is known, from `withNames`. */
  readonly names?: ReadonlyMap<string, string> | undefined
  /** Whether it exists. A table that has yet to be created has no columns. */
  readonly exists: boolean
  readonly isView: boolean
  /** Whether COPY may write to it. COPY refuses tables with policies for the user, and counts rows that a view's trigger leaves out. */
  readonly takesCopy: boolean
  /** Whether a policy may refuse rows. */
  readonly hasPolicies: boolean
  /** The actions of an ALTER TABLE that is needed before the rows are moved in. `columns` are those after it. */
  readonly changes: readonly string[]
}

/** Whether a load has to create or change the table, which one load at a time may do. */
export function needsDdl({ exists, changes }: TargetTable): boolean {
  return !exists || changes.length > 0
}

/** The table's name as SQL. Without a schema, the search path decides. */
export function namedTable(table: string, schema: string | undefined): string {
  return schema === undefined ? identifier(table) : `${identifier(schema)}.${identifier(table)}`
}

/** Reads the table from the catalog; undefined if it does not exist. */
export async function targetTable(connection: Connection, named: string): Promise<TargetTable | undefined> {
  const found = await connection.query(
    `SELECT c.oid::text AS oid, c.relpersistence = 'u' AS unlogged, n.nspname::text AS schema, c.relname::text AS name, c.relkind::text AS kind,
            row_security_active(c.oid) OR c.relkind = 'v' AS "hasPolicies", pg_relation_is_updatable(c.oid, true) & ${1 << insert} <> 0 AS "takesRows"
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = to_regclass($1)`,
    [named],
  )
  const row = found.rows[0]
  if (row === undefined) return undefined
  const [schema, table] = [String(row["schema"]), String(row["name"])]
  if (!["r", "p", "v", "f"].includes(String(row["kind"])))
    throw new RowgateError({
      code: "SINK_SCHEMA_MISMATCH",
      message: `${schema}.${table} is neither a table nor a view.`,
      remedy: "Name a table to load into.",
      origin: { table },
    })
  const isView = row["kind"] === "v"
  if (isView && row["takesRows"] !== true)
    throw new RowgateError({
      code: "SINK_SCHEMA_MISMATCH",
      message: `PostgreSQL cannot insert rows into the view ${schema}.${table}.`,
      remedy: "Load into the table behind the view, or give the view an INSTEAD OF INSERT trigger.",
      origin: { table },
    })
  const sql = `${identifier(schema)}.${identifier(table)}`
  const hasPolicies = row["hasPolicies"] === true
  const takesCopy = !isView && !hasPolicies
  const columns = await targetColumns(connection, sql)
  const [oid, unlogged] = [Number(row["oid"]), row["unlogged"] === true]
  return { oid, unlogged, schema, table, sql, columns, exists: true, isView, takesCopy, hasPolicies, changes: [] }
}

/** The columns of a table. `sql` is its quoted name. */
export async function targetColumns(connection: Connection, sql: string): Promise<ReadonlyMap<string, TargetColumn>> {
  // A domain is written like its base type. A user's own type may have the name of one of PostgreSQL's types.
  const { rows } = await connection.query(
    `WITH RECURSIVE attribute AS (
       SELECT attname, attnum, atttypid, atttypmod, format_type(atttypid, atttypmod) AS type, attnotnull,
              attgenerated <> '' OR (${isComputed}) AS generated,
              atthasdef OR attidentity <> '' AS has_default
       FROM pg_attribute WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped),
     base (declared, oid, mod) AS (
       SELECT DISTINCT atttypid, atttypid, -1 FROM attribute
       UNION SELECT b.declared, t.typbasetype, greatest(b.mod, t.typtypmod) FROM base b JOIN pg_type t ON t.oid = b.oid WHERE t.typtype = 'd')
     SELECT a.attname::text AS name, a.type, a.attnotnull AS "notNull", a.has_default AS "hasDefault", a.generated,
            format_type(t.oid, CASE WHEN t.oid = a.atttypid THEN a.atttypmod ELSE b.mod END) AS limited,
            CASE WHEN t.typnamespace = 'pg_catalog'::regnamespace THEN t.typname::text WHEN t.typtype = 'e' THEN 'enum' ELSE '' END AS base, t.typcategory::text AS category
     FROM attribute a JOIN base b ON b.declared = a.atttypid JOIN pg_type t ON t.oid = b.oid AND t.typtype <> 'd'
     ORDER BY a.attnum`,
    [sql],
  )
  const columns = rows.map((row): TargetColumn => {
    const name = String(row["name"])
    return {
      name,
      type: String(row["type"]),
      format: columnFormat(String(row["base"]), String(row["category"]), String(row["limited"])),
      notNull: row["notNull"] === true,
      hasDefault: row["hasDefault"] === true,
      generated: row["generated"] === true,
      comparable: !withoutEquality.test(String(row["base"])),
    }
  })
  return new Map(columns.map((column) => [column.name, column]))
}
