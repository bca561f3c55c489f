import type { Delivery } from "../../../contract/delivery.ts"
import { RowgateError } from "../../../errors/rowgate-error.ts"
import { identifier } from "../names.ts"
import type { TargetTable } from "../target/target-table.ts"
import type { Asker } from "./ledger.ts"

/** The newest committed delivery of a file, by its name and version. */
export async function committedFile(
  asker: Asker,
  { pipeline, uri, version, corrects }: Delivery,
  target: TargetTable,
): Promise<string | undefined> {
  const { rows } = await asker.query(
    `SELECT id FROM rowgate.run
     WHERE pipeline = $1 AND target = $2 AND uri = $3 AND version IS NOT DISTINCT FROM $4 AND status = 'committed'
       AND corrects IS NOT DISTINCT FROM $5
     ORDER BY started_at DESC LIMIT 1`,
    [pipeline, `${target.schema}.${target.table}`, uri, version ?? null, corrects?.delivery ?? null],
  )
  return rows[0] === undefined ? undefined : String(rows[0]["id"])
}

/** Deliveries that have brought rejects of a delivery corrected. */
export async function correctionsOf(asker: Asker, run: string): Promise<readonly string[]> {
  const { rows } = await asker.query("SELECT id FROM rowgate.run WHERE corrects = $1 AND status = 'committed'", [run])
  return rows.map(({ id }) => String(id))
}

/** Takes a delivery's rows out of the target, to be loaded anew. They are known by the column `_run_id`. */
export async function removeRowsOf(asker: Asker, run: string, target: TargetTable): Promise<number> {
  if (!target.columns.has("_run_id")) {
    throw new RowgateError({
      code: "CONFIG_INVALID",
      message: `${target.schema}.${target.table} does not say which rows a delivery has brought, so they cannot be loaded anew`,
      remedy: "Load with `lineage: true` into a table with the columns _run_id, _file and _row.",
      origin: { table: target.table },
    })
  }
  const { rowCount } = await asker.query(`DELETE FROM ${target.sql} WHERE ${identifier("_run_id")} = $1`, [run])
  return rowCount
}

/** Makes room for the delivery that loads a content anew: its identity may be committed once. */
export async function markReplaced(asker: Asker, run: string, by: string): Promise<void> {
  await asker.query("UPDATE rowgate.run SET status = 'replaced', replaced_by = $2 WHERE id = $1 AND status = 'committed'", [run, by])
}
