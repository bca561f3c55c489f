import { RowgateError } from "../../errors/rowgate-error.ts"
import type { Queryable } from "../connection/database.ts"
import { identifier } from "../sql/quoted-names.ts"
import type { HistoryColumns } from "../target/history-columns.ts"
import type { TargetTable } from "../target/target-table.ts"
import { hasTargetOid, isTableEmpty } from "./committed-delivery.ts"

/** Committed deliveries that correct rejects of a delivery. */
export async function correctionsOf(asker: Queryable, run: string): Promise<readonly string[]> {
  const { rows } = await asker.query("SELECT id FROM rowgate.run WHERE corrects = $1 AND status = 'committed'", [run])
  return rows.map(({ id }) => String(id))
}

/**
 * Removes a delivery's rows from the target before they are loaded again. It finds them by the column `_run_id`, if the delivery filled it. In a
 * history, the version before a removed one becomes valid until the removed one's end, so that there is no gap.
 * Returns how many rows it removed. Throws `DELIVERY_REFUSED` if the target does not tell which rows the delivery wrote.
 */
export async function removeRowsOf(asker: Queryable, run: string, target: TargetTable, history?: HistoryColumns): Promise<number> {
  const { rows } = await asker.query(
    `SELECT lineage, mode, loaded > 0 AS loaded, ${hasTargetOid} AND target_oid <> $2::bigint AS "wasElsewhere" FROM rowgate.run WHERE id = $1`,
    [run, target.oid],
  )
  const { lineage, mode, loaded, wasElsewhere } = rows[0] ?? {}
  if (loaded !== true || !target.exists || (await isTableEmpty(asker, target))) return 0
  const isMarked = lineage !== false && target.columns.has("_run_id")
  // A table that was created again may have been filled with the rows of the earlier one.
  const removed = isMarked ? await removeMarked(asker, run, target, history) : 0
  if (wasElsewhere === true) {
    if (!isMarked && !(await explainsRows(asker, target))) throw unknownRows(target, run)
    return removed
  }
  if (!isMarked) throw unknownRows(target, run)
  // Earlier versions of rowgate did not record whether they wrote the column. In a merge, later files may have replaced all rows.
  if (removed === 0 && lineage !== true && (mode === "append" || mode === "replace")) throw unknownRows(target, run)
  return removed
}

/** Whether the deliveries that were loaded into this table explain all of its rows. */
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
    message: `${schema}.${table} does not record which of its rows the delivery ${run} wrote, so they cannot be replaced.`,
    remedy:
      "Nothing was changed. Delete the rows of this file from the table yourself, and load it under another `name` (--name); set `lineage: true` (--lineage), so that later reloads find their rows. " +
      "The mode `replace` also works, but it deletes the rows of all other files too.",
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
 * Marks a delivery as replaced, because its identity may be committed only once. If its table exists under another name, the entry keeps its status and
 * stands for that table.
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
