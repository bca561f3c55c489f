import type { Connection } from "../connection/database.ts"
import { sameKey } from "../merge/merge-statement.ts"
import { identifier, literal } from "../sql/quoted-names.ts"
import type { CheckConstraint, Constraints, ForeignKey, UniqueIndex } from "../target/constraints.ts"
import type { TargetTable } from "../target/target-table.ts"
import type { FaultTable } from "./fault-table.ts"
import { ordinal, type TypedStage } from "./typed-stage.ts"

/** Where to look for violations. */
export interface ViolationOptions {
  readonly connection: Connection
  readonly target: TargetTable
  readonly stage: TypedStage
  readonly faults: FaultTable
  readonly constraints: Constraints
  /** The key of a merge, unquoted. Rows of the target whose key is in the stage may change, so a conflict with them is not certain. */
  readonly mergeKey?: readonly string[] | undefined
  /** A condition for the rows `s` that a merge writes. Foreign keys and unique indexes are only checked for these. Default: all. */
  readonly isWritten?: string | undefined
}

/**
 * Finds staged rows that the target would refuse whatever happens to the other rows: nulls, checks, foreign keys, conflicts with rows that the
 * target keeps. A conflict between two rows of the file depends on whether the other row is accepted, so it only shows when they are inserted.
 */
export async function findViolations(options: ViolationOptions): Promise<number> {
  const { constraints } = options
  const columns = new Set(options.stage.columns)
  let found = await findRowViolations({ ...options, checks: constraints.checks })
  for (const key of constraints.foreignKeys) {
    if (!key.columns.some((column) => columns.has(column))) continue
    // If rows refer to other rows of the file, those that refer to a refused row are refused as well, and so on.
    let orphaned: number
    do {
      orphaned = await findOrphans(options, key)
      found += orphaned
    } while (key.toItself && orphaned > 0)
  }
  for (const index of constraints.uniques) found += await findDuplicates(options, index)
  return found
}

/** Where to look for rows that are faulty whatever is in the target. */
export interface RowViolationOptions extends Pick<ViolationOptions, "target" | "stage" | "faults"> {
  readonly checks: readonly CheckConstraint[]
}

/** Finds staged rows with nulls where there must be none, and rows that violate a CHECK. */
export async function findRowViolations(options: RowViolationOptions): Promise<number> {
  let found = await findNulls(options)
  for (const { name, expression } of options.checks) found += await findCheckViolations(options, name, expression)
  return found
}

async function findNulls({ target, stage, faults }: RowViolationOptions): Promise<number> {
  let found = 0
  for (const name of stage.columns) {
    if (target.columns.get(name)?.notNull !== true) continue
    const message = `null value in column ${identifier(name)} of relation ${identifier(target.table)} violates not-null constraint`
    found += await faults.add(
      `SELECT ${ordinal}, '23502', ${literal(message)}, NULL, ${literal(name)} FROM ${stage.table} WHERE ${identifier(name)} IS NULL`,
    )
  }
  return found
}

function findCheckViolations({ target, stage, faults }: RowViolationOptions, name: string, expression: string): Promise<number> {
  const message = `new row for relation ${identifier(target.table)} violates check constraint ${identifier(name)}`
  return faults.add(`SELECT ${ordinal}, '23514', ${literal(message)}, ${literal(name)}, NULL FROM ${stage.table} WHERE NOT (${expression})`)
}

function findOrphans({ target, stage, faults, isWritten = "true" }: ViolationOptions, key: ForeignKey): Promise<number> {
  const { name, referenced, columns, referencedColumns, matchFull, toItself } = key
  const pairs = columns.map((column, k) => `r.${identifier(referencedColumns[k] ?? "")} = s.${identifier(column)}`).join(" AND ")
  const given = columns.map((column) => `s.${identifier(column)} IS NOT NULL`)
  const inStage = toItself
    ? ` AND NOT EXISTS (SELECT FROM ${stage.table} r WHERE ${pairs} AND NOT EXISTS (SELECT FROM ${faults.table} f WHERE f.n = r.${ordinal}))`
    : ""
  const partly = matchFull ? ` OR (${given.join(" OR ")}) AND NOT (${given.join(" AND ")})` : ""
  const message = `insert or update on table ${identifier(target.table)} violates foreign key constraint ${identifier(name)}: Key `
  return faults.add(
    `SELECT ${ordinal}, '23503', ${literal(message)} || ${keyText(columns.map(identifier), "s.")} || ${literal(` is not present in table ${referenced}.`)},
            ${literal(name)}, ${columns.length === 1 ? literal(columns[0] ?? "") : "NULL"}
     FROM ${stage.table} s
     WHERE ((${given.join(" AND ")}) AND NOT EXISTS (SELECT FROM ${referenced} r WHERE ${pairs})${inStage}${partly}) AND ${isWritten}`,
  )
}

/** If nulls are equal, rows with nulls in the same columns are joined by the other columns, because IS NOT DISTINCT FROM cannot be hashed. */
async function findDuplicates(options: ViolationOptions, index: UniqueIndex): Promise<number> {
  const { stage, faults, target, mergeKey, isWritten = "true" } = options
  const { name, keys, predicate = "true", nullsDistinct, keyColumns } = index
  if (mergeKey?.every((column) => index.columns?.includes(column)) === true) return 0
  if (keyColumns?.some((column) => !stage.columns.includes(column)) === true) return 0
  const names = keys.map((_, k) => `_rowgate_k${k + 1}`)
  const selected = keys.map((key, k) => `${key} AS ${names[k]}`).join(", ")
  const staged = `SELECT ${ordinal}, ${selected} FROM ${stage.table} s WHERE (${predicate}) AND ${isWritten}`
  const isKept = `NOT EXISTS (SELECT FROM ${stage.table} s WHERE ${mergeKey === undefined ? "false" : sameKey(mergeKey)})`
  const kept = `SELECT ${selected} FROM ${target.sql} t WHERE (${predicate}) AND ${isKept}`
  const message = `duplicate key value violates unique constraint ${identifier(name)}: Key `
  const column = keyColumns?.length === 1 ? literal(keyColumns[0] ?? "") : "NULL"
  let found = 0
  for (const nulls of nullsDistinct ? [names.map(() => false)] : await nullPatterns(options, names, staged)) {
    const same = names.map((key, k) => (nulls[k] ? `${isNull(`s.${key}`)} AND ${isNull(`t.${key}`)}` : `t.${key} = s.${key}`)).join(" AND ")
    found += await faults.add(
      `SELECT s.${ordinal}, '23505', ${literal(message)} || ${keyText(names, "s.", keys)} || ${literal(" already exists.")}, ${literal(name)}, ${column}
       FROM (${staged}) AS s WHERE EXISTS (SELECT FROM (${kept}) AS t WHERE ${same})`,
    )
  }
  return found
}

/** All combinations of null columns among the staged rows. */
async function nullPatterns({ connection }: ViolationOptions, names: readonly string[], staged: string): Promise<readonly boolean[][]> {
  const pattern = names.map((key) => `CASE WHEN s.${key} IS NOT DISTINCT FROM NULL THEN '1' ELSE '0' END`).join(" || ")
  const { rows } = await connection.query(`SELECT DISTINCT ${pattern} AS pattern FROM (${staged}) AS s ORDER BY 1`)
  return rows.map((row) => Array.from(String(row["pattern"]), (digit) => digit === "1"))
}

/**
 * IS NULL is also true for a composite value of nulls, which an index does not treat as null. The CASE keeps the planner from expecting one null in
 * 200 rows; with two such columns it would compare all rows with all.
 */
function isNull(value: string): string {
  return `CASE WHEN ${value} IS NOT DISTINCT FROM NULL THEN true ELSE false END`
}

/** The key as PostgreSQL writes it in details: `(id)=(7)`. */
function keyText(columns: readonly string[], prefix: string, shown: readonly string[] = columns): string {
  const values = columns.map((column) => `coalesce(${prefix}${column}::text, 'null')`).join(`, `)
  return `${literal(`(${shown.join(", ")})=(`)} || concat_ws(', ', ${values}) || ')'`
}
