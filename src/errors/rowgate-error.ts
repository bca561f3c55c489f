import type { ErrorCode } from "./error-code.ts"

/** The place an error speaks of: as much of a row's origin as is known. */
export interface ErrorPlace {
  /** The file, or what else has an address. */
  readonly uri?: string | undefined
  /** The sheet or table. */
  readonly table?: string | undefined
  /** One-based row of the file. */
  readonly row?: number | undefined
  /** The column. */
  readonly column?: string | undefined
  /** Byte offset in the file. */
  readonly offset?: number | undefined
  /** A1 address of a cell. */
  readonly address?: string | undefined
}

/** What a `RowgateError` is made of. */
export interface RowgateErrorOptions {
  /** One of the documented codes. */
  readonly code: ErrorCode
  /** One sentence: what happened. */
  readonly message: string
  /** One sentence: what to do about it. */
  readonly remedy?: string | undefined
  /** The place that the error speaks of. */
  readonly origin?: ErrorPlace | undefined
  /** Whether the same call may succeed later without any change. Default false. */
  readonly retryable?: boolean | undefined
  /** The error beneath, if there is one. */
  readonly cause?: unknown
}

/** Stops a run. The message says what and where, `remedy` what to do; nothing was loaded by the delivery that threw it. */
export class RowgateError extends Error {
  /** Always `"RowgateError"`. */
  override readonly name = "RowgateError"
  /** What happened, as one of the documented codes. */
  readonly code: ErrorCode
  /** What to do about it, if there is something. */
  readonly remedy: string | undefined
  /** The place that it speaks of, as far as it is known. */
  readonly origin: ErrorPlace | undefined
  /** Whether the same call may succeed later without any change. */
  readonly retryable: boolean

  constructor(options: RowgateErrorOptions) {
    super(options.message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = options.code
    this.remedy = options.remedy
    this.origin = options.origin
    this.retryable = options.retryable ?? false
  }
}
