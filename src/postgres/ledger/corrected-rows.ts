import type { Correction } from "../../contract/delivery.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"
import type { Queryable, ResultRow } from "../connection/database.ts"
import type { TargetTable } from "../target/target-table.ts"
import { hasTargetOid } from "./committed-delivery.ts"
import { unknownRun } from "./unknown-run.ts"

/** Rejects of an earlier delivery on their way in: each is corrected once, and only by a row that is loaded. */
export class CorrectedRows {
  readonly #correction: Correction
  readonly #rejectedAgain = new Set<number>()

  constructor(correction: Correction) {
    this.#correction = correction
  }

  /** The row, counted from 1, was set aside again: the reject that it stands for, which stays open. */
  rejectedAgain(row: number): number | undefined {
    this.#rejectedAgain.add(row)
    return this.#correction.rejects[row - 1]
  }

  /** Throws where the delivery cannot be corrected here, or a reject is not there, was corrected before, or is the record of an attempt. */
  async check(asker: Queryable, pipeline: string, table: TargetTable): Promise<void> {
    const { delivery, rejects } = this.#correction
    const found = await whyNotCorrectable(asker, delivery, pipeline, table)
    if (found !== undefined) throw found
    const { rows } = await asker.query(
      `SELECT wanted::text AS reject, r.run_id IS NOT NULL AS there, r.corrected_by, r.attempts::text AS attempts, run.corrects
       FROM unnest($2::bigint[]) AS wanted LEFT JOIN rowgate.reject r ON r.run_id = $1 AND r.reject = wanted
         LEFT JOIN rowgate.run run ON run.id = r.run_id
       WHERE r.run_id IS NULL OR r.corrected_by IS NOT NULL OR r.attempts IS NOT NULL ORDER BY wanted LIMIT 1`,
      [delivery, rejects.filter((reject) => reject !== undefined)],
    )
    const first = rows[0]
    if (first !== undefined) throw refused(`the reject ${first["reject"]} of ${delivery} ${whyNotOpen(first)}`)
  }

  /** Links the rejects to the delivery that corrects them, in its transaction. */
  async link(asker: Queryable, by: string): Promise<void> {
    const { delivery, rejects } = this.#correction
    const corrected = rejects.filter((reject, at) => reject !== undefined && !this.#rejectedAgain.has(at + 1))
    const { rowCount } = await asker.query(
      `UPDATE rowgate.reject SET corrected_by = $3
       WHERE run_id = $1 AND reject = ANY ($2::bigint[]) AND corrected_by IS NULL AND attempts IS NULL`,
      [delivery, corrected, by],
    )
    if (rowCount !== corrected.length) throw refused(`rows of ${delivery} were corrected by somebody else meanwhile`)
    await asker.query("UPDATE rowgate.run SET corrected = corrected + $2::bigint WHERE id = $1", [delivery, corrected.length])
  }
}

/** Corrected rows add to what a delivery has brought, so that has to be in this table still. */
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
  if (run["here"] !== true) return refused(`the delivery ${delivery} was of ${run["place"]}, not of ${pipeline} into ${target}`)
  if (run["status"] === "replaced") return refused(`the rows of ${delivery} were loaded anew by ${run["replaced_by"]}`)
  if (run["status"] !== "committed")
    return refused(`nothing of ${delivery} is loaded (it is ${run["status"]})`, "Correct the file, and load the whole of it.")
  if (run["later"] !== null)
    return refused(
      `the rows of ${delivery} were replaced by the newer file of ${run["later"]}`,
      "Correct the rejects of that one, if it has any.",
    )
  if (run["purged"] === true)
    return refused(`the rejects of ${delivery} were removed by a purge`, "Correct the file, and load it as a new one.")
  return undefined
}

function whyNotOpen(reject: ResultRow): string {
  if (reject["there"] !== true) return "is not in the ledger"
  if (reject["corrected_by"] !== null) return `was corrected before, by ${reject["corrected_by"]}`
  return `is an attempt to correct the reject ${reject["attempts"]} of ${reject["corrects"]}, which is the one that is open`
}

function refused(message: string, remedy = "Take the open rejects from the ledger again, and correct those."): RowgateError {
  return new RowgateError({ code: "DELIVERY_REFUSED", message, remedy })
}
