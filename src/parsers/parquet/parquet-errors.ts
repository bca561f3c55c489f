import { RowgateError } from "../../errors/rowgate-error.ts"

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

/** What a decoder threw, as an error of the library. Decoders meet damage as reads beyond the end of their bytes. */
export function decodingError(cause: unknown, uri: string, offset?: number): unknown {
  if (cause instanceof RowgateError || !(cause instanceof Error) || cause.name === "AbortError") return cause
  if (/unsupported|not supported/.test(cause.message)) return unsupportedParquet(uri, cause.message.replace(/^parquet /, ""))
  return corruptParquet(uri, cause.message.replace(/^parquet /, ""), offset, cause)
}
