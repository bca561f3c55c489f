import { RowgateError } from "../../errors/rowgate-error.ts"

/** The error of a load that may no longer commit. `why` is a clause. */
export function leaseLost(uri: string, why: string): RowgateError {
  return new RowgateError({
    code: "LEASE_LOST",
    message: `The load of ${uri} was stopped: ${why}.`,
    remedy: "Run it again. Nothing of this load was committed, and what another run has loaded is not loaded twice.",
    retryable: true,
    origin: { uri },
  })
}
