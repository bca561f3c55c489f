import type { OptionKind } from "../options/option-kind.ts"
import { having } from "../options/option-kinds.ts"
import type { Reject } from "./reject.ts"

/** A reject as a ledger stores it. */
export interface StoredReject extends Reject {
  /** The id of the delivery that set the row aside. */
  readonly delivery: string
  /** The number of the reject in its delivery, from 1. */
  readonly number: number
  /** The id of the delivery that loaded the corrected row. */
  readonly correctedBy?: string
  /** The reject of an earlier delivery that this row should have corrected. That reject stays open; this one records the attempt. */
  readonly attemptOf?: { readonly delivery: string; readonly number: number }
}

/** The rejects of a delivery, ordered by number. Each iteration queries the ledger again. */
export interface StoredRejects extends AsyncIterable<StoredReject> {
  /** The names of the columns of their raw cells, in the order of the file. */
  columns(): Promise<readonly string[]>
  /** The header of the file that each column of the pipeline was bound to. Default: their names tell. */
  headers?(): Promise<ReadonlyMap<string, string>>
}

export function rejectsKind(): OptionKind<StoredRejects> {
  return having<StoredRejects>("rejects, as storedRejects() returns them", "columns")
}
