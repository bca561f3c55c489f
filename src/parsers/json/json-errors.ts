import { RowgateError } from "../../errors/rowgate-error.ts"
import type { JsonFault } from "./json-fault.ts"

/** The error that a fault is in a document, which cannot be read beyond it. `offset` is that of the scanned bytes in the file. */
export function documentError(fault: JsonFault, uri: string, offset: number | undefined): RowgateError {
  const at = offset === undefined ? undefined : offset + fault.at
  const where = at === undefined ? "" : ` at byte ${at}`
  const origin = { uri, offset: at }
  switch (fault.kind) {
    case "truncated":
      return new RowgateError({
        code: "FILE_TRUNCATED",
        message: `The JSON text ends${where}, before its last value is complete.`,
        remedy: "Fetch or write the file again, completely.",
        origin,
      })
    case "deep":
    case "long":
      return new RowgateError({
        code: "LIMIT_EXCEEDED",
        message: `${fault.message}${where}.`,
        remedy: `If the file is to be trusted, raise the option ${fault.kind === "deep" ? "maxDepth" : "maxCellBytes"}.`,
        origin,
      })
    case "malformed":
      return new RowgateError({
        code: "FILE_CORRUPT",
        message: `The text is not JSON${where}: ${fault.message}.`,
        remedy: "Repair the text there, or have it written again by a JSON library.",
        origin,
      })
  }
}

/** A record that does not fit into the memory that one record may take. */
export function recordTooLong(maxRecordBytes: number, uri: string, offset: number | undefined): RowgateError {
  return new RowgateError({
    code: "LIMIT_EXCEEDED",
    message: `A record is longer than ${maxRecordBytes} bytes${offset === undefined ? "" : `; it begins at byte ${offset}`}.`,
    remedy: "If the file is to be trusted, raise the option maxRecordBytes.",
    origin: { uri, offset },
  })
}
