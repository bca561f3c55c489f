import { quietCause } from "../../errors/quiet-cause.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"
import { ParquetFault } from "./parquet-fault.ts"

/** The error for bytes that contradict the format or the footer. `offset` is counted from the start of the file. */
export function corruptParquet(uri: string, what: string, offset?: number, cause?: unknown): RowgateError {
  return new RowgateError({
    code: "FILE_CORRUPT",
    message: `The parquet file is damaged${offset === undefined ? "" : ` near byte ${offset}`}: ${what}.`,
    remedy: "Transfer the file again, or write it again.",
    origin: { uri, offset },
    cause,
  })
}

/** The error for a feature of the format that rowgate cannot read. */
export function unsupportedParquet(uri: string, what: string): RowgateError {
  return new RowgateError({
    code: "FORMAT_UNSUPPORTED",
    message: `The parquet file uses ${what}, which rowgate cannot read.`,
    remedy: "Write the file again without this feature.",
    origin: { uri },
  })
}

/** The place that a decoder read when it failed. */
export interface DecodingPlace {
  readonly uri: string
  readonly offset?: number | undefined
  /** Ends the message: `in page 3 of the column a, row group 1`. */
  readonly where?: string | undefined
}

/**
 * Converts an error of a decoder to a `RowgateError`. Unforeseen damage causes an error of JavaScript or of a package. Its message does not describe
 * the file, or quotes a value of it, so the cause keeps only the stack.
 */
export function decodingError(cause: unknown, { uri, offset, where }: DecodingPlace): unknown {
  if (cause instanceof RowgateError || !(cause instanceof Error) || cause.name === "AbortError") return cause
  const place = where === undefined ? "" : ` ${where}`
  if (!(cause instanceof ParquetFault)) {
    const what = `its bytes cannot be decoded${place}`
    return corruptParquet(uri, what, offset, quietCause(cause, what))
  }
  if (cause.isUnsupported) return unsupportedParquet(uri, `${cause.message}${place}`)
  return corruptParquet(uri, `${cause.message}${place}`, offset, cause)
}
