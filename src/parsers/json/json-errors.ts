import { RowgateError } from "../../errors/rowgate-error.ts"
import { limitExceeded } from "../zip/limit-exceeded.ts"
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
      return limitExceeded({
        subject: `The JSON text${where}`,
        unit: "levels of nesting",
        seen: fault.seen,
        limit: fault.limit,
        option: "limits.depth",
        origin,
      })
    case "long":
      return limitExceeded({
        subject: `The JSON text or number${where}`,
        unit: "bytes",
        seen: fault.seen,
        limit: fault.limit,
        option: "limits.cellBytes",
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
export function recordTooLong(seen: number, limit: number, uri: string, offset: number): RowgateError {
  const subject = `The JSON record at byte ${offset}`
  return limitExceeded({ subject, unit: "bytes or more", seen, limit, option: "limits.recordBytes", origin: { uri, offset } })
}
