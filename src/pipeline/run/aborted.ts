import { RowgateError } from "../../errors/rowgate-error.ts"

/** What a run that was told to stop throws. */
export function aborted(cause: unknown): RowgateError {
  if (cause instanceof RowgateError) return cause
  return new RowgateError({
    code: "ABORTED",
    message: "The run was aborted.",
    remedy: "Run it again: what was committed is not loaded twice.",
    retryable: true,
    cause,
  })
}

/** The items of a source; once the signal is aborted, whatever walking them throws is `ABORTED`. */
export async function* abortable<T>(items: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T, void, undefined> {
  try {
    for await (const item of items) {
      signal.throwIfAborted()
      yield item
    }
  } catch (error) {
    throw signal.aborted ? aborted(signal.reason) : error
  }
}
