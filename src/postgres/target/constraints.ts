import type { Connection } from "../connection/database.ts"
import type { TargetTable } from "./target-table.ts"

/** A CHECK, as an SQL expression over the table's columns. */
export interface CheckConstraint {
  readonly name: string
  readonly expression: string
}

/** A unique index, of a constraint or on its own. */
export interface UniqueIndex {
  readonly name: string
  /** Columns or expressions, as SQL over the table's columns. */
  readonly keys: readonly string[]
  /** The condition of a partial index, as SQL. */
  readonly predicate: string | undefined
  readonly nullsDistinct: boolean
  /** Unquoted. Undefined if the index is partial or has an expression. */
  readonly columns: readonly string[] | undefined
  /** Unquoted, also for a partial index. Undefined if the index has an expression. */
  readonly keyColumns: readonly string[] | undefined
  readonly deferrable: boolean
}

/** A foreign key. */
export interface ForeignKey {
  readonly name: string
  /** Quoted, with its schema. */
  readonly referenced: string
  /** Unquoted, in the same order. */
  readonly columns: readonly string[]
  readonly referencedColumns: readonly string[]
  readonly matchFull: boolean
  readonly toItself: boolean
}

/** The constraints of a table. */
export interface Constraints {
  readonly checks: readonly CheckConstraint[]
  readonly uniques: readonly UniqueIndex[]
  readonly foreignKeys: readonly ForeignKey[]
  /** Whether there are rules that only show when a row is inserted: triggers, exclusion constraints, row security, rewrite rules, partitions. */
  readonly needsTrial: boolean
}

/** Reads the constraints of a table from the catalog. */
export async function tableConstraints(connection: Connection, { sql }: TargetTable): Promise<Constraints> {
  return {
    checks: await checkConstraints(connection, sql),
    uniques: await uniques(connection, sql),
    foreignKeys: await foreignKeys(connection, sql),
    needsTrial: await needsTrial(connection, sql),
  }
}

/** The CHECKs of a table, by its quoted name. */
export async function checkConstraints(connection: Connection, table: string): Promise<readonly CheckConstraint[]> {
  const { rows } = await connection.query(
    `SELECT conname::text AS name, pg_get_expr(conbin, conrelid) AS expression
     FROM pg_constraint WHERE conrelid = to_regclass($1) AND contype = 'c' ORDER BY conname`,
    [table],
  )
  return rows.map(({ name, expression }) => ({ name: String(name), expression: String(expression) }))
}

/** Whether an index is on exactly these columns. */
export function isIndexOn({ columns }: UniqueIndex, key: readonly string[]): boolean {
  return columns?.length === key.length && columns.every((column) => key.includes(column))
}

async function uniques(connection: Connection, table: string): Promise<readonly UniqueIndex[]> {
  const { rows } = await connection.query(
    `SELECT c.relname::text AS name, NOT i.indimmediate AS deferrable, NOT i.indnullsnotdistinct AS "nullsDistinct",
            pg_get_expr(i.indpred, i.indrelid) AS predicate,
            (SELECT json_agg(json_build_object('sql', pg_get_indexdef(i.indexrelid, k, true), 'column', a.attname) ORDER BY k)::text
             FROM generate_series(1, i.indnkeyatts) AS k
             LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[k - 1] AND a.attnum > 0) AS keys
     FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
     WHERE i.indrelid = to_regclass($1) AND i.indisunique AND i.indisvalid ORDER BY i.indisprimary DESC, c.relname`,
    [table],
  )
  return rows.map((row): UniqueIndex => {
    const keys: readonly { readonly sql: string; readonly column: string | null }[] = JSON.parse(String(row["keys"]))
    const names = keys.map(({ column }) => column)
    const keyColumns = names.every((name) => name !== null) ? names : undefined
    const predicate = row["predicate"] === null ? undefined : String(row["predicate"])
    return {
      name: String(row["name"]),
      keys: keys.map(({ sql }) => sql),
      predicate,
      nullsDistinct: row["nullsDistinct"] === true,
      columns: predicate === undefined ? keyColumns : undefined,
      keyColumns,
      deferrable: row["deferrable"] === true,
    }
  })
}

async function foreignKeys(connection: Connection, table: string): Promise<readonly ForeignKey[]> {
  const { rows } = await connection.query(
    `SELECT f.conname::text AS name, quote_ident(n.nspname) || '.' || quote_ident(r.relname) AS referenced, f.confmatchtype = 'f' AS "matchFull",
            f.confrelid = f.conrelid AS "toItself",
            (SELECT json_agg(json_build_array(a.attname, b.attname) ORDER BY k)::text
             FROM generate_subscripts(f.conkey, 1) AS k
             JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = f.conkey[k]
             JOIN pg_attribute b ON b.attrelid = f.confrelid AND b.attnum = f.confkey[k]) AS pairs
     FROM pg_constraint f JOIN pg_class r ON r.oid = f.confrelid JOIN pg_namespace n ON n.oid = r.relnamespace
     WHERE f.conrelid = to_regclass($1) AND f.contype = 'f' AND f.conparentid = 0 ORDER BY f.conname`,
    [table],
  )
  return rows.map((row): ForeignKey => {
    const pairs: readonly (readonly [string, string])[] = JSON.parse(String(row["pairs"]))
    return {
      name: String(row["name"]),
      referenced: String(row["referenced"]),
      columns: pairs.map(([column]) => column),
      referencedColumns: pairs.map(([, column]) => column),
      matchFull: row["matchFull"] === true,
      toItself: row["toItself"] === true,
    }
  })
}

async function needsTrial(connection: Connection, table: string): Promise<boolean> {
  const { rows } = await connection.query(
    `SELECT c.relkind <> 'r' OR c.relrowsecurity OR c.relhasrules
            OR EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal)
            OR EXISTS (SELECT FROM pg_constraint x WHERE x.conrelid = c.oid AND x.contype IN ('x', 't')) AS opaque
     FROM pg_class c WHERE c.oid = to_regclass($1)`,
    [table],
  )
  return rows[0]?.["opaque"] === true
}
