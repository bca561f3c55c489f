import { RowgateError } from "../errors/rowgate-error.ts"

/** What a run that was told to stop throws. */
export function aborted(cause: unknown): RowgateError {
  if (cause instanceof RowgateError) return cause
  return new RowgateError({
    code: "ABORTED",
    message: "the run was aborted",
    remedy: "run it again: what was committed is not loaded twice",
    retryable: true,
    cause,
  })
}
