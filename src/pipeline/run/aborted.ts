import { RowgateError } from "../../errors/rowgate-error.ts"

/** The error of an aborted run. */
export function aborted(cause: unknown): RowgateError {
  if (cause instanceof RowgateError) return cause
  return new RowgateError({
    code: "ABORTED",
    message: "The run was aborted.",
    remedy: "Run it again; committed files are not loaded twice.",
    retryable: true,
    cause,
  })
}

/** Passes the items on. After the signal is aborted, every error of the iteration becomes `ABORTED`. */
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
