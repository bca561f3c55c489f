import { RowgateError } from "../../errors/rowgate-error.ts"

/** The error for an id that the ledger does not have. */
export function unknownRun(id: string): RowgateError {
  return new RowgateError({
    code: "RUN_NOT_FOUND",
    message: `The ledger has no delivery ${id}.`,
    remedy: "Take an id from storedRuns(pool), from `rowgate runs`, or from the report of a run.",
  })
}
