import type { ErrorCode } from "./error-code.ts"

/** The place an error speaks of: as much of a row's origin as is known. */
export interface ErrorPlace {
  readonly uri?: string | undefined
  readonly table?: string | undefined
  readonly row?: number | undefined
  readonly column?: string | undefined
  /** Byte offset in the file. */
  readonly offset?: number | undefined
  readonly address?: string | undefined
}

/** What a `RowgateError` is made of. */
export interface RowgateErrorOptions {
  readonly code: ErrorCode
  /** One sentence: what happened. */
  readonly message: string
  /** One sentence: what to do about it. */
  readonly remedy?: string | undefined
  readonly origin?: ErrorPlace | undefined
  /** Whether the same call may succeed later without any change. Default false. */
  readonly retryable?: boolean | undefined
  readonly cause?: unknown
}

/** Stops a run. The message says what and where, `remedy` what to do; nothing was loaded by the delivery that threw it. */
export class RowgateError extends Error {
  override readonly name = "RowgateError"
  readonly code: ErrorCode
  readonly remedy: string | undefined
  readonly origin: ErrorPlace | undefined
  readonly retryable: boolean

  constructor(options: RowgateErrorOptions) {
    super(options.message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = options.code
    this.remedy = options.remedy
    this.origin = options.origin
    this.retryable = options.retryable ?? false
  }
}
