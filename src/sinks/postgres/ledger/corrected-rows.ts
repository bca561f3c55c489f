import type { Correction } from "../../../contract/delivery.ts"
import { RowgateError } from "../../../errors/rowgate-error.ts"
import type { Asker } from "./ledger.ts"

/** Rejects of an earlier delivery on their way in: each is corrected once, and only by a row that is loaded. */
export class CorrectedRows {
  readonly #correction: Correction
  readonly #rejectedAgain = new Set<number>()

  constructor(correction: Correction) {
    this.#correction = correction
  }

  /** The row, counted from 1, was set aside again: what it stands for stays open. */
  rejectedAgain(row: number): void {
    this.#rejectedAgain.add(row)
  }

  /** Throws where a reject is not there, or was corrected before. */
  async check(asker: Asker): Promise<void> {
    const { delivery, rejects } = this.#correction
    const { rows } = await asker.query(
      `SELECT wanted::text AS reject, r.run_id IS NOT NULL AS there, r.corrected_by
       FROM unnest($2::bigint[]) AS wanted LEFT JOIN rowgate.reject r ON r.run_id = $1 AND r.reject = wanted
       WHERE r.run_id IS NULL OR r.corrected_by IS NOT NULL ORDER BY wanted LIMIT 1`,
      [delivery, rejects],
    )
    const first = rows[0]
    if (first === undefined) return
    const what = first["there"] === true ? `was corrected before, by ${first["corrected_by"]}` : "is not in the ledger"
    throw refused(`the reject ${first["reject"]} of ${delivery} ${what}`)
  }

  /** Links the rejects to the delivery that corrects them, in its transaction. */
  async link(asker: Asker, by: string): Promise<void> {
    const { delivery, rejects } = this.#correction
    const corrected = rejects.filter((_, at) => !this.#rejectedAgain.has(at + 1))
    await asker.query("UPDATE rowgate.run SET corrects = $2 WHERE id = $1", [by, delivery])
    const { rowCount } = await asker.query(
      "UPDATE rowgate.reject SET corrected_by = $3 WHERE run_id = $1 AND reject = ANY ($2::bigint[]) AND corrected_by IS NULL",
      [delivery, corrected, by],
    )
    if (rowCount !== corrected.length) throw refused(`rows of ${delivery} were corrected by somebody else meanwhile`)
  }
}

function refused(message: string): RowgateError {
  return new RowgateError({
    code: "DELIVERY_REFUSED",
    message,
    remedy: "Take the open rejects from the ledger again, and correct those.",
  })
}
