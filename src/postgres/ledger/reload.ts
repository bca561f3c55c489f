import { RowgateError } from "../../errors/rowgate-error.ts"
import type { Queryable } from "../connection/database.ts"
import { identifier } from "../sql/quoted-names.ts"
import type { HistoryColumns } from "../target/history-columns.ts"
import type { TargetTable } from "../target/target-table.ts"
import { hasTargetOid, isTableEmpty } from "./committed-delivery.ts"

/** Deliveries that have brought rejects of a delivery corrected. */
export async function correctionsOf(asker: Queryable, run: string): Promise<readonly string[]> {
  const { rows } = await asker.query("SELECT id FROM rowgate.run WHERE corrects = $1 AND status = 'committed'", [run])
  return rows.map(({ id }) => String(id))
}

/**
 * Takes a delivery's rows out of the target, to be loaded anew. They are recognised by the column `_run_id`, as far as the delivery has filled
 * it. In a history, the version before one that goes is valid until that one would have ended, so that no time is left without a version.
 * Throws `DELIVERY_REFUSED` where the target cannot tell which rows the delivery wrote.
 */
export async function removeRowsOf(asker: Queryable, run: string, target: TargetTable, history?: HistoryColumns): Promise<number> {
  const { rows } = await asker.query(
    `SELECT lineage, mode, loaded > 0 AS loaded, ${hasTargetOid} AND target_oid <> $2::bigint AS "wasElsewhere" FROM rowgate.run WHERE id = $1`,
    [run, target.oid],
  )
  const { lineage, mode, loaded, wasElsewhere } = rows[0] ?? {}
  if (loaded !== true || !target.exists || (await isTableEmpty(asker, target))) return 0
  const isMarked = lineage !== false && target.columns.has("_run_id")
  // A table that was made anew may have been filled with the rows of the one before.
  const removed = isMarked ? await removeMarked(asker, run, target, history) : 0
  if (wasElsewhere === true) {
    if (!isMarked && !(await explainsRows(asker, target))) throw unknownRows(target, run)
    return removed
  }
  if (!isMarked) throw unknownRows(target, run)
  // An earlier version of rowgate did not note whether it wrote the column. In a merge, later files may have taken over all rows.
  if (removed === 0 && lineage !== true && (mode === "append" || mode === "replace")) throw unknownRows(target, run)
  return removed
}

/** Whether the deliveries that were loaded into the table since it is there can have brought all of its rows. */
async function explainsRows(asker: Queryable, target: TargetTable): Promise<boolean> {
  const { rows } = await asker.query(
    `SELECT (SELECT count(*) FROM ${target.sql}) <= coalesce(sum(loaded), 0) AS explained
     FROM rowgate.run WHERE status = 'committed' AND ${hasTargetOid} AND target_oid = $1::bigint`,
    [target.oid],
  )
  return rows[0]?.["explained"] === true
}

function unknownRows({ schema, table }: TargetTable, run: string): RowgateError {
  return new RowgateError({
    code: "DELIVERY_REFUSED",
    message: `${schema}.${table} does not say which of its rows the delivery ${run} wrote, so they cannot be replaced.`,
    remedy: "Load with `lineage: true` (--lineage) from now on. To replace all rows of the table, reload once with the mode `replace`.",
    origin: { table },
  })
}

async function removeMarked(asker: Queryable, run: string, target: TargetTable, history: HistoryColumns | undefined): Promise<number> {
  const removal = `DELETE FROM ${target.sql} WHERE ${identifier("_run_id")} = $1`
  if (history === undefined) return (await asker.query(removal, [run])).rowCount
  const { key, validFrom, validTo } = history
  const [from, to] = [identifier(validFrom), identifier(validTo)]
  const { rows } = await asker.query(
    `WITH gone AS (${removal} RETURNING ${[...key.map(identifier), from, to].join(", ")}),
     longer AS (
       UPDATE ${target.sql} t SET ${to} = g.${to} FROM gone g
       WHERE ${key.map((column) => `t.${identifier(column)} = g.${identifier(column)}`).join(" AND ")} AND t.${to} = g.${from}
         AND t.${identifier("_run_id")} IS DISTINCT FROM $1)
     SELECT count(*)::text AS n FROM gone`,
    [run],
  )
  return Number(rows[0]?.["n"])
}

/**
 * Makes room for the delivery that loads a content anew: its identity may be committed once. An entry whose table lives on under another name
 * goes on standing for that table.
 */
export async function markReplaced(asker: Queryable, run: string, by: string, target: TargetTable): Promise<void> {
  await asker.query(
    `WITH elsewhere AS (
       SELECT n.nspname || '.' || c.relname AS name
       FROM rowgate.run r JOIN pg_class c ON c.oid::bigint = r.target_oid JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE r.id = $1 AND ${hasTargetOid} AND r.target_oid <> $3::bigint AND c.relkind IN ('r', 'p', 'v', 'f'))
     UPDATE rowgate.run SET
       status = CASE WHEN EXISTS (SELECT FROM elsewhere) THEN status ELSE 'replaced' END,
       replaced_by = CASE WHEN EXISTS (SELECT FROM elsewhere) THEN NULL ELSE $2 END,
       identity = CASE WHEN EXISTS (SELECT FROM elsewhere) THEN NULL ELSE identity END,
       target = coalesce((SELECT name FROM elsewhere), target)
     WHERE id = $1 AND status = 'committed'`,
    [run, by, target.oid],
  )
}

/** Takes an identity from an entry that stands for another table now, which had this one's name when it was loaded into. */
export async function releaseIdentity(asker: Queryable, identity: string, target: TargetTable): Promise<void> {
  await asker.query(
    `UPDATE rowgate.run SET identity = NULL WHERE identity = $1 AND status = 'committed' AND ${hasTargetOid} AND target_oid <> $2::bigint`,
    [identity, target.oid],
  )
}
