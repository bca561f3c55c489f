import { identifier, literal } from "../names.ts"
import type { Constraints, ForeignKey, UniqueIndex } from "../target/constraints.ts"
import type { TargetTable } from "../target/target-table.ts"
import type { FaultTable } from "./fault-table.ts"
import { ordinal, type TypedStage } from "./typed-stage.ts"

/** What is looked for. */
export interface ViolationOptions {
  readonly target: TargetTable
  readonly stage: TypedStage
  readonly faults: FaultTable
  readonly constraints: Constraints
  /** The key of a merge, whose conflicts are what it is for. Unquoted. */
  readonly mergeKey?: readonly string[] | undefined
  /** Indexes that the load itself keeps. */
  readonly ignored?: ((index: UniqueIndex) => boolean) | undefined
}

/**
 * Finds staged rows that the target would refuse, by joins: nulls, checks, foreign keys, then keys that are in the target or on an
 * earlier row of the stage. A row that is found once is out of the question for the keys.
 */
export async function findViolations(options: ViolationOptions): Promise<number> {
  const { constraints, mergeKey, ignored } = options
  const columns = new Set(options.stage.columns)
  let found = await nulls(options)
  for (const { name, expression } of constraints.checks) found += await violatedCheck(options, name, expression)
  for (const key of constraints.foreignKeys) if (key.columns.some((column) => columns.has(column))) found += await orphans(options, key)
  for (const index of constraints.uniques) {
    if (!isKey(index, mergeKey) && ignored?.(index) !== true) found += await duplicates(options, index)
  }
  return found
}

/** Whether an index is the one that a merge goes by. */
export function isKey(index: UniqueIndex, key: readonly string[] | undefined): boolean {
  if (key === undefined || index.columns === undefined || index.predicate !== undefined) return false
  return index.columns.length === key.length && index.columns.every((column) => key.includes(column))
}

async function nulls({ target, stage, faults }: ViolationOptions): Promise<number> {
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

function violatedCheck({ target, stage, faults }: ViolationOptions, name: string, expression: string): Promise<number> {
  const message = `new row for relation ${identifier(target.table)} violates check constraint ${identifier(name)}`
  return faults.add(`SELECT ${ordinal}, '23514', ${literal(message)}, ${literal(name)}, NULL FROM ${stage.table} WHERE NOT (${expression})`)
}

function orphans({ target, stage, faults }: ViolationOptions, key: ForeignKey): Promise<number> {
  const { name, referenced, columns, referencedColumns, matchFull, toItself } = key
  const pairs = columns.map((column, k) => `r.${identifier(referencedColumns[k] ?? "")} = s.${identifier(column)}`).join(" AND ")
  const given = columns.map((column) => `s.${identifier(column)} IS NOT NULL`)
  const inStage = toItself ? ` AND NOT EXISTS (SELECT FROM ${stage.table} r WHERE ${pairs} AND ${unfaulted(faults, "r")})` : ""
  const partly = matchFull ? ` OR (${given.join(" OR ")}) AND NOT (${given.join(" AND ")})` : ""
  const message = `insert or update on table ${identifier(target.table)} violates foreign key constraint ${identifier(name)}: Key `
  return faults.add(
    `SELECT ${ordinal}, '23503', ${literal(message)} || ${keyText(columns.map(identifier), "s.")} || ${literal(` is not present in table ${referenced}.`)},
            ${literal(name)}, ${columns.length === 1 ? literal(columns[0] ?? "") : "NULL"}
     FROM ${stage.table} s
     WHERE (${given.join(" AND ")}) AND NOT EXISTS (SELECT FROM ${referenced} r WHERE ${pairs})${inStage}${partly}`,
  )
}

async function duplicates({ target, stage, faults, mergeKey }: ViolationOptions, index: UniqueIndex): Promise<number> {
  const names = index.keys.map((_, k) => `k${k + 1}`)
  const keys = index.keys.map((key, k) => `${key} AS ${names[k]}`).join(", ")
  const where = index.predicate === undefined ? "" : `WHERE ${index.predicate}`
  const equal = names
    .map((name) => (index.nullsDistinct ? `t.${name} = s.${name}` : `t.${name} IS NOT DISTINCT FROM s.${name}`))
    .join(" AND ")
  const present = index.nullsDistinct ? names.map((name) => `${name} IS NOT NULL`).join(" AND ") : "true"
  const message = `duplicate key value violates unique constraint ${identifier(index.name)}: Key `
  const fault = (tail: string) =>
    `s.n, '23505', ${literal(message)} || ${keyText(names, "s.", index.keys)} || ${literal(tail)}, ${literal(index.name)},
     ${index.columns?.length === 1 ? literal(index.columns[0] ?? "") : "NULL"}`
  // In a merge, a row may meet the target's row of its own key: that one is replaced.
  const own = (alias: string) => (mergeKey ?? []).map((column, k) => `, ${alias}${identifier(column)} AS m${k + 1}`).join("")
  const another = mergeKey === undefined ? "" : ` AND NOT (${mergeKey.map((_, k) => `t.m${k + 1} = s.m${k + 1}`).join(" AND ")})`
  const staged = `SELECT ${ordinal} AS n, ${keys}${own("")} FROM ${stage.table} ${where}`
  const inTarget = await faults.add(
    `SELECT ${fault(" already exists.")} FROM (${staged}) AS s
     WHERE ${unfaulted(faults, "s", "n")} AND EXISTS (SELECT FROM (SELECT ${keys}${own("")} FROM ${target.sql} ${where}) AS t WHERE ${equal}${another})`,
  )
  const inStage = await faults.add(
    `SELECT ${fault(" stands on an earlier row.")} FROM (
       SELECT s.*, row_number() OVER (PARTITION BY ${names.join(", ")} ORDER BY n) AS place FROM (${staged}) AS s
       WHERE ${unfaulted(faults, "s", "n")} AND ${present}) AS s
     WHERE place > 1`,
  )
  return inTarget + inStage
}

function unfaulted(faults: FaultTable, alias: string, count: string = ordinal): string {
  return `NOT EXISTS (SELECT FROM ${faults.table} f WHERE f.n = ${alias}.${count})`
}

/** `(id)=(7)`, as PostgreSQL writes keys in its details. */
function keyText(columns: readonly string[], prefix: string, shown: readonly string[] = columns): string {
  const values = columns.map((column) => `coalesce(${prefix}${column}::text, 'null')`).join(`, `)
  return `${literal(`(${shown.join(", ")})=(`)} || concat_ws(', ', ${values}) || ')'`
}
