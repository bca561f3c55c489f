import { quietCause } from "../../errors/quiet-cause.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"
import { ParquetFault } from "./parquet-fault.ts"

/** Bytes that are not what the format or the footer says. `offset` is in the file. */
export function corruptParquet(uri: string, what: string, offset?: number, cause?: unknown): RowgateError {
  return new RowgateError({
    code: "FILE_CORRUPT",
    message: `The parquet file is damaged${offset === undefined ? "" : ` near byte ${offset}`}: ${what}.`,
    remedy: "Transfer the file again, or have it written again.",
    origin: { uri, offset },
    cause,
  })
}

/** A part of the format that is not read. */
export function unsupportedParquet(uri: string, what: string): RowgateError {
  return new RowgateError({
    code: "FORMAT_UNSUPPORTED",
    message: `The parquet file uses ${what}, which is not read.`,
    remedy: "Write it again without that.",
    origin: { uri },
  })
}

/** Where a decoder was when it failed. */
export interface DecodingPlace {
  readonly uri: string
  readonly offset?: number | undefined
  /** Said after what is wrong: `in page 3 of the column a, row group 1`. */
  readonly where?: string | undefined
}

/**
 * What a decoder threw, as an error of the library. Damage that no decoder foresaw ends as an error of JavaScript or of a package; its words say
 * nothing about the file, or quote a value of it, so only its place in the code is kept as the cause.
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
