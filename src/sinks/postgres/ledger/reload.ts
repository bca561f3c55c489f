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

/** The columns of a history: its key, and when a version is valid. */
export interface HistoryColumns {
  readonly key: readonly string[]
  readonly validFrom: string
  readonly validTo: string
}

/**
 * Takes a delivery's rows out of the target, to be loaded anew. They are known by the column `_run_id`. In a history, the version before one
 * that goes is valid until that one would have ended, so that no time is left without a version.
 */
export async function removeRowsOf(asker: Asker, run: string, target: TargetTable, history?: HistoryColumns): Promise<number> {
  if (!target.columns.has("_run_id")) {
    throw new RowgateError({
      code: "CONFIG_INVALID",
      message: `${target.schema}.${target.table} does not say which rows a delivery has brought, so they cannot be loaded anew`,
      remedy: "Load with `lineage: true` into a table with the columns _run_id, _file and _row.",
      origin: { table: target.table },
    })
  }
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

/** Makes room for the delivery that loads a content anew: its identity may be committed once. */
export async function markReplaced(asker: Asker, run: string, by: string): Promise<void> {
  await asker.query("UPDATE rowgate.run SET status = 'replaced', replaced_by = $2 WHERE id = $1 AND status = 'committed'", [run, by])
}
