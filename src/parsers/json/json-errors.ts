import { limitExceeded } from "../../errors/limit-exceeded.ts"
import { type ErrorPlace, RowgateError } from "../../errors/rowgate-error.ts"
import type { ByteWindow } from "./byte-window.ts"
import type { JsonFault } from "./json-fault.ts"

/** The error that a fault in the window's bytes is in a document, which cannot be read beyond it. */
export function documentError(fault: JsonFault, uri: string, window: ByteWindow): RowgateError {
  const { where, origin } = placeOf(fault.at, uri, window)
  switch (fault.kind) {
    case "truncated":
      return new RowgateError({
        code: "FILE_TRUNCATED",
        message: `The JSON text ends ${where}, before its last value is complete.`,
        remedy: "Fetch or write the file again, completely.",
        origin,
      })
    case "deep":
      return limitExceeded({
        subject: `The JSON text ${where}`,
        unit: "levels of nesting",
        seen: fault.seen,
        limit: fault.limit,
        option: "limits.depth",
        origin,
      })
    case "long":
      return limitExceeded({
        subject: `The JSON text or number ${where}`,
        unit: "bytes",
        seen: fault.seen,
        limit: fault.limit,
        option: "limits.cellBytes",
        origin,
      })
    case "many":
      return limitExceeded({
        subject: `The JSON record ${where}`,
        unit: "values or more",
        seen: fault.seen,
        limit: fault.limit,
        option: "limits.values",
        origin,
      })
    case "malformed":
      return new RowgateError({
        code: "FILE_CORRUPT",
        message: `The text is not JSON ${where}: ${fault.message}.`,
        remedy: "Repair the text there, or have it written again by a JSON library.",
        origin,
      })
  }
}

/** A record that does not fit into the memory that one record may take; it begins at an index of the window's bytes. */
export function recordTooLong(seen: number, limit: number, start: number, uri: string, window: ByteWindow): RowgateError {
  const { where, origin } = placeOf(start, uri, window)
  const subject = `The JSON record ${where}`
  return limitExceeded({ subject, unit: "bytes or more", seen, limit, option: "limits.recordBytes", origin })
}

/** Where an index of the window's bytes is, in words and as an origin. */
function placeOf(index: number, uri: string, { offset, isFile }: ByteWindow): { readonly where: string; readonly origin: ErrorPlace } {
  const at = offset + index
  return isFile ? { where: `at byte ${at}`, origin: { uri, offset: at } } : { where: `at byte ${at} of its text in UTF-8`, origin: { uri } }
}
