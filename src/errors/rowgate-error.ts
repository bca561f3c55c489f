import type { ErrorCode } from "./error-code.ts"

/** The place that an error is about, as far as it is known. */
export interface ErrorPlace {
  /** The URI of the file, or of whatever else failed. */
  readonly uri?: string | undefined
  /** The name of the sheet or table. */
  readonly table?: string | undefined
  /** The row of the file, from 1. */
  readonly row?: number | undefined
  /** The name of the column. */
  readonly column?: string | undefined
  /** The byte offset in the file. */
  readonly offset?: number | undefined
  /** The A1 address of a cell. */
  readonly address?: string | undefined
}

/** The parts of a `RowgateError`. */
export interface RowgateErrorOptions {
  /** A documented code. */
  readonly code: ErrorCode
  /** One sentence: what happened. */
  readonly message: string
  /** One sentence: what to do about it. */
  readonly remedy?: string | undefined
  /** The place that the error is about. */
  readonly origin?: ErrorPlace | undefined
  /** Whether the same call may succeed later. Default: false. */
  readonly retryable?: boolean | undefined
  /** The error that caused this one, if there is one. */
  readonly cause?: unknown
}

/**
 * An error that stops a run. The message says what happened and where, `remedy` what to do. The failed delivery loaded nothing.
 *
 * @example
 * ```ts run
 * import { createPipeline, file, memory, RowgateError } from "rowgate"
 *
 * const orders = createPipeline({ name: "orders" }).from(file("none.csv")).into(memory())
 * await orders.run().catch((error: unknown) => {
 *   if (error instanceof RowgateError) console.log(error.code, error.retryable) // => SOURCE_NOT_FOUND false
 * })
 * ```
 */
export class RowgateError extends Error {
  /** Always `"RowgateError"`. */
  override readonly name = "RowgateError"
  /** What happened, as a documented code. */
  readonly code: ErrorCode
  /** What to do about it, if anything. */
  readonly remedy: string | undefined
  /** The place that the error is about, as far as it is known. */
  readonly origin: ErrorPlace | undefined
  /** Whether the same call may succeed later. */
  readonly retryable: boolean

  constructor(options: RowgateErrorOptions) {
    super(options.message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = options.code
    this.remedy = options.remedy
    this.origin = options.origin
    this.retryable = options.retryable ?? false
  }
}
