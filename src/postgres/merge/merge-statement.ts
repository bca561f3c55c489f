import { identifier, literal } from "../sql/quoted-names.ts"
import type { StagedStatement } from "../stage/move-staged.ts"
import { ordinal, type TypedStage } from "../stage/typed-stage.ts"

/** The key of a merge, by names of the database. */
export interface MergeKey {
  readonly key: readonly string[]
  /** The column whose greatest value wins. Undefined: the last row wins. */
  readonly newest: string | undefined
}

/** Replaces rows of the target with the same key and adds the others. */
export function upsertStatement(stage: TypedStage, { key, newest }: MergeKey): StagedStatement {
  const others = stage.columns.filter((column) => !key.includes(column))
  const set = others.map((column) => `${identifier(column)} = excluded.${identifier(column)}`).join(", ")
  const older =
    newest === undefined ? "" : ` WHERE t.${identifier(newest)} IS NULL OR t.${identifier(newest)} <= excluded.${identifier(newest)}`
  const then = others.length === 0 ? "NOTHING" : `UPDATE SET ${set}${older}`
  return (rows) => `${insert(stage, rows)} ON CONFLICT (${columnList(key)}) DO ${then}`
}

/** Adds rows whose key is not in the target. */
export function insertOnlyStatement(stage: TypedStage, { key }: MergeKey): StagedStatement {
  return (rows) => `${insert(stage, rows)} ON CONFLICT (${columnList(key)}) DO NOTHING`
}

/**
 * `upsertStatement` and `insertOnlyStatement` as a join. The server saves an index lookup and a speculative insertion for each row: 4.2 s instead of
 * 4.9 s for a million rows, half of them in the target. It is refused if a key is repeated or another session adds one meanwhile.
 */
export function mergeStatement(stage: TypedStage, { key, newest, mode }: MergeKey & { readonly mode: string }): StagedStatement {
  const others = mode === "insert-only" ? [] : stage.columns.filter((column) => !key.includes(column))
  const set = others.map((column) => `${identifier(column)} = s.${identifier(column)}`).join(", ")
  const newer = newest === undefined ? "" : ` AND (t.${identifier(newest)} IS NULL OR t.${identifier(newest)} <= s.${identifier(newest)})`
  const matched = others.length === 0 ? "" : `WHEN MATCHED${newer} THEN UPDATE SET ${set}`
  // Tables that inherit from the target have their own keys.
  return (rows) =>
    `MERGE INTO ONLY ${stage.target.sql} t USING ${rows} s ON ${sameKey(key)} ${matched}
     WHEN NOT MATCHED THEN INSERT (${stage.list()}) OVERRIDING SYSTEM VALUE VALUES (${stage.list("s.")})`
}

function insert(stage: TypedStage, rows: string): string {
  return `INSERT INTO ${stage.target.sql} AS t (${stage.list()}) OVERRIDING SYSTEM VALUE SELECT ${stage.list("s.")} FROM ${rows} s`
}

/** The key and columns of a history. */
export interface HistoryKey {
  readonly key: readonly string[]
  readonly validFrom: string
  readonly validTo: string
  /** The instant from which new versions are valid, as SQL. */
  readonly asOf: string
  /** Columns that describe the load. A row that differs only in these is not a new version. */
  readonly incidental: readonly string[]
}

/**
 * Closes the current version of each changed key and adds the next one, in one statement, so that a version is not closed if its successor is refused.
 * The count forces the server to close versions first, because a unique index may allow only one open version.
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

/** The code of a version that would begin before the current one. The prefix is added when faults are read. */
const lateCode = "postgres.late"

/** Selects staged rows that differ from a current version that began at `asOf` or later. Such a version is not changed. */
export function lateRowsSql(stage: TypedStage, { validFrom, validTo, asOf, ...history }: HistoryKey): string {
  const [from, to] = [identifier(validFrom), identifier(validTo)]
  const changed = isChanged(stage, history)
  return `SELECT s.${ordinal}, ${literal(lateCode.replace("postgres.", ""))}, 'the current version of this key is valid from ' || t.${from} || ', which is not before ' || ${asOf}, NULL, NULL
    FROM ${stage.table} s JOIN ${stage.target.sql} t ON ${sameKey(history.key)} AND t.${to} IS NULL WHERE t.${from} >= ${asOf} AND (${changed})`
}

/** Whether the row `s` differs from `t` in a column that counts. */
function isChanged({ columns, target }: TypedStage, { key, incidental }: Pick<HistoryKey, "key" | "incidental">): string {
  const others = columns.filter((column) => !key.includes(column) && !incidental.includes(column))
  if (others.length === 0) return "false"
  const values = (row: string) => others.map((c) => `${row}.${identifier(c)}${target.columns.get(c)?.comparable === false ? "::text" : ""}`)
  return `(${values("t")}) IS DISTINCT FROM (${values("s")})`
}

/** The order in which rows of one key replace each other. The last one stays. */
export function mergeOrder({ newest }: Pick<MergeKey, "newest">): string {
  return newest === undefined ? ordinal : `${identifier(newest)} NULLS FIRST, ${ordinal}`
}

/** The reverse of `mergeOrder`. */
export function reverseMergeOrder({ newest }: Pick<MergeKey, "newest">): string {
  return newest === undefined ? `${ordinal} DESC` : `${identifier(newest)} DESC NULLS LAST, ${ordinal} DESC`
}

/** Selects the ordinals of staged rows that a later or newer row of the same key supersedes. `isCounted` is a condition for the rows `s` that count. */
export function supersededRowsSql(stage: TypedStage, merge: MergeKey, isCounted: string): string {
  return `SELECT ${ordinal} AS n FROM (
      SELECT ${ordinal}, row_number() OVER (PARTITION BY ${columnList(merge.key)} ORDER BY ${reverseMergeOrder(merge)}) AS place
      FROM ${stage.table} s WHERE ${isCounted}) AS ranked
    WHERE place > 1`
}

/** A condition for the staged rows `s` that would be written, given the rows of the target; undefined if every row would. */
export function isWritten(stage: TypedStage, { key, newest, mode }: MergeKey & { readonly mode: string }): string | undefined {
  const there = `SELECT FROM ${stage.target.sql} t WHERE ${sameKey(key)}`
  if (mode === "insert-only") return `NOT EXISTS (${there})`
  if (newest === undefined) return undefined
  const column = identifier(newest)
  return `NOT EXISTS (${there} AND (t.${column} IS NULL OR t.${column} <= s.${column}) IS NOT TRUE)`
}

/** A condition: `t` and `s` have the same key. Keys are never null. */
export function sameKey(key: readonly string[]): string {
  return key.map((column) => `t.${identifier(column)} = s.${identifier(column)}`).join(" AND ")
}

function columnList(columns: readonly string[]): string {
  return columns.map(identifier).join(", ")
}
