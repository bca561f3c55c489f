import { RowgateError } from "../../errors/rowgate-error.ts"

/**
 * An error as a state machine sees it. Step Functions matches errors by name: `Rowgate.OutOfTime` and `Rowgate.Retryable` are worth another call, any other
 * `Rowgate.CODE` is final.
 */
export class HandlerError extends Error {
  /** What Step Functions matches: `Rowgate.OutOfTime`, `Rowgate.Retryable`, or `Rowgate.` and the code. */
  override readonly name: string
  /** The code of the error behind it. */
  readonly code: string

  constructor(error: RowgateError) {
    super([placed(error), error.remedy].filter((sentence) => sentence !== undefined).join(" "), { cause: error })
    this.code = error.code
    // A part of a later version was written by a function that is deployed already; this one will be, too.
    const mayPass = error.retryable || error.code === "PART_VERSION"
    this.name = error.code === "OUT_OF_TIME" ? "Rowgate.OutOfTime" : mayPass ? "Rowgate.Retryable" : `Rowgate.${error.code}`
  }
}

/** The error to throw out of a handler. An unexpected one keeps its own name, so that nothing calls it again. */
export function handlerError(error: unknown): unknown {
  return error instanceof RowgateError ? new HandlerError(error) : error
}

/** The message of an error, with the file that it is about. */
function placed({ message, origin }: RowgateError): string {
  const uri = origin?.uri
  return uri === undefined || message.includes(uri) ? message : `${message} (${uri})`
}
