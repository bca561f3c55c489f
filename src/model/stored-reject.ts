import type { Reject } from "./reject.ts"

/** A reject as a ledger keeps it. */
export interface StoredReject extends Reject {
  /** The delivery that set the row aside. */
  readonly delivery: string
  /** Its number among the rejects of the delivery, from 1. */
  readonly number: number
  /** The delivery that loaded the row corrected. */
  readonly correctedBy?: string
  /** The reject of an earlier delivery that the row was to correct. That one stays open; this one is the record of an attempt. */
  readonly attemptOf?: { readonly delivery: string; readonly number: number }
}

/** Rejects of a delivery, in the order of their numbers. They are asked for anew each time that they are walked. */
export interface StoredRejects extends AsyncIterable<StoredReject> {
  /** Names of the columns that their raw cells have, in the order of the file. */
  columns(): Promise<readonly string[]>
}
