import { identifier, literal } from "../sql/quoted-names.ts"
import type { StagedStatement } from "../stage/move-staged.ts"
import { ordinal, type TypedStage } from "../stage/typed-stage.ts"

/** What a merge goes by. Names of the database. */
export interface MergeKey {
  readonly key: readonly string[]
  /** The column whose greater value wins; without one, the row that comes later. */
  readonly newest: string | undefined
}

/** Rows whose key is there replace it, the others are added. */
export function upsertStatement(stage: TypedStage, { key, newest }: MergeKey): StagedStatement {
  const others = stage.columns.filter((column) => !key.includes(column))
  const set = others.map((column) => `${identifier(column)} = excluded.${identifier(column)}`).join(", ")
  const older =
    newest === undefined ? "" : ` WHERE t.${identifier(newest)} IS NULL OR t.${identifier(newest)} <= excluded.${identifier(newest)}`
  const then = others.length === 0 ? "NOTHING" : `UPDATE SET ${set}${older}`
  return (rows) => `${insert(stage, rows)} ON CONFLICT (${columnList(key)}) DO ${then}`
}

/** Rows whose key is there are left out. */
export function insertOnlyStatement(stage: TypedStage, { key }: MergeKey): StagedStatement {
  return (rows) => `${insert(stage, rows)} ON CONFLICT (${columnList(key)}) DO NOTHING`
}

/**
 * `upsert` and `insertOnly` as a join, which spares the server a look into the index for each row and the note that a row is on trial:
 * 4.2 s of 4.9 s for a million rows, half of them there. It is refused where a key comes twice or somebody else adds one meanwhile.
 */
export function mergeStatement(stage: TypedStage, { key, newest, mode }: MergeKey & { readonly mode: string }): StagedStatement {
  const others = mode === "insert-only" ? [] : stage.columns.filter((column) => !key.includes(column))
  const set = others.map((column) => `${identifier(column)} = s.${identifier(column)}`).join(", ")
  const newer = newest === undefined ? "" : ` AND (t.${identifier(newest)} IS NULL OR t.${identifier(newest)} <= s.${identifier(newest)})`
  const matched = others.length === 0 ? "" : `WHEN MATCHED${newer} THEN UPDATE SET ${set}`
  // A table that inherits from the target has keys of its own.
  return (rows) =>
    `MERGE INTO ONLY ${stage.target.sql} t USING ${rows} s ON ${sameKey(key)} ${matched}
     WHEN NOT MATCHED THEN INSERT (${stage.list()}) OVERRIDING SYSTEM VALUE VALUES (${stage.list("s.")})`
}

function insert(stage: TypedStage, rows: string): string {
  return `INSERT INTO ${stage.target.sql} AS t (${stage.list()}) OVERRIDING SYSTEM VALUE SELECT ${stage.list("s.")} FROM ${rows} s`
}

/** What a history goes by. */
export interface HistoryKey {
  readonly key: readonly string[]
  readonly validFrom: string
  readonly validTo: string
  /** The instant from which the new versions are valid, as SQL. */
  readonly asOf: string
  /** Columns that tell of the load and not of the thing: a row that differs in these alone is no new version. */
  readonly incidental: readonly string[]
}

/**
 * Closes the current version of each key that has changed and begins the next, in one statement: a version whose successor is refused
 * is not closed. The versions are closed first (the count makes it so), for a unique index may allow one open version only.
 */
export function historyStatement(stage: TypedStage, { validFrom, validTo, asOf, ...history }: HistoryKey): StagedStatement {
  const target = stage.target.sql
  const [from, to] = [identifier(validFrom), identifier(validTo)]
  const same = sameKey(history.key)
  const changed = isChanged(stage, history)
  return (rows) =>
    `WITH closed AS (
       UPDATE ${target} t SET ${to} = ${asOf} FROM ${rows} s
       WHERE ${same} AND t.${to} IS NULL AND (${changed}) RETURNING 1)
     INSERT INTO ${target} (${stage.list()}, ${from}, ${to}) OVERRIDING SYSTEM VALUE
     SELECT ${stage.list("s.")}, ${asOf}, NULL FROM ${rows} s
     WHERE (SELECT count(*) FROM closed) >= 0
       AND NOT EXISTS (SELECT FROM ${target} t WHERE ${same} AND t.${to} IS NULL AND NOT (${changed}))`
}

/** The code of a version that would begin before the current one; the family is added where faults are read. */
const lateCode = "postgres.late"

/** Staged rows whose key's current version began at `asOf` or later, and that differ from it: history is not rewritten. */
export function lateRowsSql(stage: TypedStage, { validFrom, validTo, asOf, ...history }: HistoryKey): string {
  const [from, to] = [identifier(validFrom), identifier(validTo)]
  const changed = isChanged(stage, history)
  return `SELECT s.${ordinal}, ${literal(lateCode.replace("postgres.", ""))}, 'the current version of this key is valid from ' || t.${from} || ', which is not before ' || ${asOf}, NULL, NULL
    FROM ${stage.table} s JOIN ${stage.target.sql} t ON ${sameKey(history.key)} AND t.${to} IS NULL WHERE t.${from} >= ${asOf} AND (${changed})`
}

/** Whether the row `s` says something else of its key than `t`. */
function isChanged({ columns, target }: TypedStage, { key, incidental }: Pick<HistoryKey, "key" | "incidental">): string {
  const others = columns.filter((column) => !key.includes(column) && !incidental.includes(column))
  if (others.length === 0) return "false"
  const values = (row: string) => others.map((c) => `${row}.${identifier(c)}${target.columns.get(c)?.comparable === false ? "::text" : ""}`)
  return `(${values("t")}) IS DISTINCT FROM (${values("s")})`
}

/** The order in which rows of one key replace each other: the last one stays. */
export function mergeOrder({ newest }: Pick<MergeKey, "newest">): string {
  return newest === undefined ? ordinal : `${identifier(newest)} NULLS FIRST, ${ordinal}`
}

/** The same from the end. */
export function reverseMergeOrder({ newest }: Pick<MergeKey, "newest">): string {
  return newest === undefined ? `${ordinal} DESC` : `${identifier(newest)} DESC NULLS LAST, ${ordinal} DESC`
}

/** Staged rows whose key comes again later, or newer: one ordinal each. `sound` is the condition on the rows `s` that count. */
export function supersededRowsSql(stage: TypedStage, merge: MergeKey, sound: string): string {
  return `SELECT ${ordinal} AS n FROM (
      SELECT ${ordinal}, row_number() OVER (PARTITION BY ${columnList(merge.key)} ORDER BY ${reverseMergeOrder(merge)}) AS place
      FROM ${stage.table} s WHERE ${sound}) AS ranked
    WHERE place > 1`
}

/** Whether a staged row `s` would be written, for all that the target held before; undefined where every row would. */
export function isWritten(stage: TypedStage, { key, newest, mode }: MergeKey & { readonly mode: string }): string | undefined {
  const there = `SELECT FROM ${stage.target.sql} t WHERE ${sameKey(key)}`
  if (mode === "insert-only") return `NOT EXISTS (${there})`
  if (newest === undefined) return undefined
  const column = identifier(newest)
  return `NOT EXISTS (${there} AND (t.${column} IS NULL OR t.${column} <= s.${column}) IS NOT TRUE)`
}

/** `t` and `s` have the same key. Keys are never null. */
export function sameKey(key: readonly string[]): string {
  return key.map((column) => `t.${identifier(column)} = s.${identifier(column)}`).join(" AND ")
}

function columnList(columns: readonly string[]): string {
  return columns.map(identifier).join(", ")
}
