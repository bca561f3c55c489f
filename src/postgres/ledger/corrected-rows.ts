import { headerKey } from "../../binding/match-headers.ts"
import type { Correction } from "../../contract/delivery.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"
import type { Queryable, ResultRow } from "../connection/database.ts"
import type { TargetTable } from "../target/target-table.ts"
import { columnList } from "../target/unfilled-columns.ts"
import { hasTargetOid } from "./committed-delivery.ts"
import { unknownRun } from "./unknown-run.ts"

/** Corrections of an earlier delivery's rejects. Each reject can be corrected once, and only by a row that is loaded. */
export class CorrectedRows {
  readonly #correction: Correction
  readonly #rejectedAgain = new Set<number>()

  constructor(correction: Correction) {
    this.#correction = correction
  }

  /** Notes that a row, counted from 1, was rejected again. Returns the reject that it was to correct, which stays open. */
  rejectedAgain(row: number): number | undefined {
    this.#rejectedAgain.add(row)
    return this.#correction.rejects[row - 1]
  }

  /** Throws if the delivery cannot be corrected here, if a column of its file is missing, or if a reject does not exist, was corrected before, or is the record of an attempt. */
  async check(asker: Queryable, pipeline: string, table: TargetTable): Promise<void> {
    const { delivery, rejects, columns } = this.#correction
    const found = await whyNotCorrectable(asker, delivery, pipeline, table)
    if (found !== undefined) throw found
    if (columns !== undefined) await requireColumns(asker, delivery, columns)
    const { rows } = await asker.query(
      `SELECT wanted::text AS reject, r.run_id IS NOT NULL AS there, r.corrected_by, r.attempts::text AS attempts, run.corrects
       FROM unnest($2::bigint[]) AS wanted LEFT JOIN rowgate.reject r ON r.run_id = $1 AND r.reject = wanted
         LEFT JOIN rowgate.run run ON run.id = r.run_id
       WHERE r.run_id IS NULL OR r.corrected_by IS NOT NULL OR r.attempts IS NOT NULL ORDER BY wanted LIMIT 1`,
      [delivery, rejects.filter((reject) => reject !== undefined)],
    )
    const first = rows[0]
    if (first !== undefined) throw refused(`The reject ${first["reject"]} of ${delivery} ${whyNotOpen(first)}.`)
  }

  /** Records which delivery corrects the rejects, in its transaction. */
  async link(asker: Queryable, by: string): Promise<void> {
    const { delivery, rejects } = this.#correction
    const corrected = rejects.filter((reject, at) => reject !== undefined && !this.#rejectedAgain.has(at + 1))
    const { rowCount } = await asker.query(
      `UPDATE rowgate.reject SET corrected_by = $3
       WHERE run_id = $1 AND reject = ANY ($2::bigint[]) AND corrected_by IS NULL AND attempts IS NULL`,
      [delivery, corrected, by],
    )
    if (rowCount !== corrected.length) throw refused(`Another delivery has corrected rejects of ${delivery} in the meantime.`)
    await asker.query("UPDATE rowgate.run SET corrected = corrected + $2::bigint WHERE id = $1", [delivery, corrected.length])
  }
}

/** Corrected rows are added to those of the delivery, so they must still be in this table. */
async function whyNotCorrectable(
  asker: Queryable,
  delivery: string,
  pipeline: string,
  table: TargetTable,
): Promise<RowgateError | undefined> {
  const target = `${table.schema}.${table.table}`
  const { rows } = await asker.query(
    `SELECT r.status, r.replaced_by, r.purged_at IS NOT NULL AS purged, r.pipeline || ' into ' || r.target AS place,
            r.pipeline = $2 AND (r.target = $3 OR ${hasTargetOid} AND r.target_oid = $4::bigint) AS here,
            (SELECT later.id FROM rowgate.run later
             WHERE later.target = r.target AND later.status = 'committed' AND later.finished_at > r.finished_at
               AND (later.mode = 'replace' OR later.mode = 'delete-missing' AND later.pipeline = r.pipeline)
             LIMIT 1) AS later
     FROM rowgate.run r WHERE r.id = $1`,
    [delivery, pipeline, target, table.oid],
  )
  const [run] = rows
  if (run === undefined) return unknownRun(delivery)
  if (run["here"] !== true) return refused(`The delivery ${delivery} belongs to ${run["place"]}, not to ${pipeline} into ${target}.`)
  if (run["status"] === "replaced") return refused(`The delivery ${delivery} was reloaded by ${run["replaced_by"]}.`)
  if (run["status"] !== "committed")
    return refused(`Nothing of the delivery ${delivery} is loaded: its status is ${run["status"]}.`, "Correct the file and load all of it.")
  if (run["later"] !== null)
    return refused(`The file of ${run["later"]} has replaced the rows of ${delivery}.`, "Correct the rejects of the newer delivery.")
  if (run["purged"] === true)
    return refused(`A purge has removed the rejects of ${delivery}.`, "Correct the file and load it as a new one.")
  return undefined
}

/** Without one of its columns, a corrected row would be loaded with nulls that nobody has typed. */
async function requireColumns(asker: Queryable, delivery: string, columns: readonly string[]): Promise<void> {
  const { rows } = await asker.query("SELECT header::text AS header FROM rowgate.run WHERE id = $1", [delivery])
  const header: readonly string[] = typeof rows[0]?.["header"] === "string" ? JSON.parse(rows[0]["header"]) : []
  const keys = new Set(columns.map(headerKey))
  const missing = header.filter((name) => !columns.includes(name) && !keys.has(headerKey(name)))
  if (missing.length === 0) return
  const added = columns.filter((name) => !header.includes(name))
  throw refused(
    `The corrections lack columns of the delivery ${delivery}: ${columnList(missing)}.${added.length === 0 ? "" : ` They have others: ${columnList(added)}.`}`,
    "Put the columns back under their names; a renamed or deleted column would load its rows without their values.",
  )
}

function whyNotOpen(reject: ResultRow): string {
  if (reject["there"] !== true) return "is not in the ledger"
  if (reject["corrected_by"] !== null) return `was corrected before, by ${reject["corrected_by"]}`
  return `is only the record of an attempt to correct the reject ${reject["attempts"]} of ${reject["corrects"]}`
}

function refused(message: string, remedy = "Export the open rejects again and correct those."): RowgateError {
  return new RowgateError({ code: "DELIVERY_REFUSED", message, remedy })
}
