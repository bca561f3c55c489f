import type { Delivery } from "../../contract/delivery.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"
import type { Queryable } from "../connection/database.ts"
import type { TargetTable } from "../target/target-table.ts"

/** A delivery that has loaded the same content, or the same version of the same file. */
export interface CommittedDelivery {
  readonly id: string
  /** Rows that it loaded. */
  readonly loaded: number
  /** False where it has rows in a table that is not the target any more: another one has the name now, or none. */
  readonly isInTarget: boolean
}

/** What tells a delivery from others: its content, and with `named` the file's name and version too; or the name and version alone. */
export type DeliveryMatch = { readonly sha256: string; readonly named: boolean; readonly identity: string } | "file"

/**
 * Whether an entry's `target_oid` says which table it is. A restored dump gives new oids to all tables, so to the ledger as well; then only
 * names can be compared.
 */
export const hasTargetOid = "(target_oid IS NOT NULL AND ledger_oid = 'rowgate.run'::regclass::oid::bigint)"

/** Looks a delivery up by its mark. The table is recognised under another name too, as after a rename. */
export async function committedDelivery(
  asker: Queryable,
  { pipeline, uri, version, corrects, sourceTable }: Delivery,
  target: TargetTable,
  mark: DeliveryMatch,
): Promise<CommittedDelivery | undefined> {
  const isNamed = mark === "file" || mark.named
  const { rows } = await asker.query(
    `SELECT id, loaded::text AS loaded, NOT knows_target OR target_oid = $5::bigint AS here
     FROM (SELECT *, ${hasTargetOid} AS knows_target FROM rowgate.run
           WHERE status = 'committed' AND pipeline = $1 AND corrects IS NOT DISTINCT FROM $2 AND source_table IS NOT DISTINCT FROM $3
             AND ($6::text IS NULL OR sha256 = $6) AND ($7::text IS NULL OR uri = $7 AND version IS NOT DISTINCT FROM $8)
           UNION ALL SELECT *, ${hasTargetOid} FROM rowgate.run WHERE status = 'committed' AND identity = $9) AS run
     WHERE target = $4 OR knows_target AND target_oid = $5::bigint
     ORDER BY here DESC, started_at DESC LIMIT 1`,
    [
      pipeline,
      corrects?.delivery ?? null,
      sourceTable ?? null,
      `${target.schema}.${target.table}`,
      target.oid,
      mark === "file" ? null : mark.sha256,
      isNamed ? uri : null,
      version ?? null,
      mark === "file" ? null : mark.identity,
    ],
  )
  const [row] = rows
  if (row === undefined) return undefined
  const loaded = Number(row["loaded"])
  return { id: String(row["id"]), loaded, isInTarget: loaded === 0 || (target.exists && row["here"] === true) }
}

/** A file that was loaded into a table which is gone. */
export function targetChanged(uri: string, { schema, table }: TargetTable, run: string): RowgateError {
  return new RowgateError({
    code: "TARGET_CHANGED",
    message: `The delivery ${run} loaded these bytes into ${schema}.${table}, but that table has been dropped, renamed or made anew since.`,
    remedy: "Load the file again with `reload: true` (on the command line: --reload).",
    origin: { uri, table },
  })
}

/** A file whose rows are no longer in the table, for pipelines that do not expect that. */
export function targetEmptied(uri: string, target: TargetTable, before: CommittedDelivery): RowgateError {
  return new RowgateError({
    code: "TARGET_CHANGED",
    message: emptyTargetText(target, before),
    remedy: "Load the file again with `reload: true` (on the command line: --reload).",
    origin: { uri, table: target.table },
  })
}

/** What is odd about a duplicate whose target has no row. */
export function emptyTargetText({ schema, table }: TargetTable, { id, loaded }: CommittedDelivery): string {
  return `${schema}.${table} is empty, although the delivery ${id} loaded ${loaded} rows of these bytes into it.`
}

/** Whether the target has no row that the user can see; false where the user may not look. */
export async function isTableEmpty(asker: Queryable, { sql }: TargetTable): Promise<boolean> {
  const allowed = await asker.query("SELECT has_table_privilege($1, 'SELECT') AS allowed", [sql])
  if (allowed.rows[0]?.["allowed"] !== true) return false
  const { rows } = await asker.query(`SELECT NOT EXISTS (SELECT FROM ${sql}) AS empty`)
  return rows[0]?.["empty"] === true
}
