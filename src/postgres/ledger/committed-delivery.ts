import type { Delivery } from "../../contract/delivery.ts"
import { counted } from "../../errors/counted.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"
import type { Queryable } from "../connection/database.ts"
import type { TargetTable } from "../target/target-table.ts"

/** A committed delivery of the same content, or of the same version of the same file. */
export interface CommittedDelivery {
  readonly id: string
  /** How many rows it loaded. */
  readonly loaded: number
  /** How many of its rows were rejected, and not corrected since then. */
  readonly open: number
  /** False if its rows are in a table that is no longer the target, because the name belongs to another table now or to none. */
  readonly isInTarget: boolean
}

/** How to find a delivery: by its content, with `named` also by the file's name and version; or `"file"`, by name and version only. */
export type DeliveryMatch = { readonly sha256: string; readonly named: boolean; readonly identity: string } | "file"

/**
 * Whether the `target_oid` of an entry is valid, as an SQL condition. After a dump was restored, all tables have new oids, including the ledger's
 * own; then only names can be compared.
 */
export const hasTargetOid = "(target_oid IS NOT NULL AND ledger_oid = 'rowgate.run'::regclass::oid::bigint)"

/** Finds a committed delivery. It recognizes the table even if it was renamed. */
export async function committedDelivery(
  asker: Queryable,
  { pipeline, uri, version, corrects, sourceTable }: Delivery,
  target: TargetTable,
  match: DeliveryMatch,
): Promise<CommittedDelivery | undefined> {
  const isNamed = match === "file" || match.named
  const { rows } = await asker.query(
    `SELECT id, loaded::text AS loaded, (CASE WHEN purged_at IS NULL THEN rejected - corrected ELSE 0 END)::text AS open, NOT knows_target OR target_oid = $5::bigint AS here
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
      match === "file" ? null : match.sha256,
      isNamed ? uri : null,
      version ?? null,
      match === "file" ? null : match.identity,
    ],
  )
  const [row] = rows
  if (row === undefined) return undefined
  const loaded = Number(row["loaded"])
  return { id: String(row["id"]), loaded, open: Number(row["open"]), isInTarget: loaded === 0 || (target.exists && row["here"] === true) }
}

/** The error for a file that was loaded into a table that no longer exists. */
export function targetChanged(uri: string, { schema, table }: TargetTable, run: string): RowgateError {
  return new RowgateError({
    code: "TARGET_CHANGED",
    message: `The delivery ${run} loaded these bytes into ${schema}.${table}, but that table was dropped, renamed or created again since then.`,
    remedy:
      "Check that this is the right table. If it is, load the file once with `reload: true` (--reload), which adds its rows and keeps those of other files.",
    origin: { uri, table },
  })
}

/** The error for a file whose rows are no longer in the table, with `onTargetEmpty: "refuse"`. */
export function targetEmptied(uri: string, target: TargetTable, before: CommittedDelivery): RowgateError {
  return new RowgateError({
    code: "TARGET_CHANGED",
    message: emptyTargetText(target, before),
    remedy:
      "Check that this is the right table. If it is, load the file once with `reload: true` (--reload), which adds its rows and keeps those of other files.",
    origin: { uri, table: target.table },
  })
}

/** The message about a duplicate whose target is empty. */
export function emptyTargetText({ schema, table }: TargetTable, { id, loaded }: CommittedDelivery): string {
  return `${schema}.${table} is empty, although the delivery ${id} loaded ${counted(loaded, "row")} of these bytes into it.`
}

/** Whether the user sees no row in the table; false if the user may not select from it. */
export async function isTableEmpty(asker: Queryable, { sql }: TargetTable): Promise<boolean> {
  const allowed = await asker.query("SELECT has_table_privilege($1, 'SELECT') AS allowed", [sql])
  if (allowed.rows[0]?.["allowed"] !== true) return false
  const { rows } = await asker.query(`SELECT NOT EXISTS (SELECT FROM ${sql}) AS empty`)
  return rows[0]?.["empty"] === true
}
