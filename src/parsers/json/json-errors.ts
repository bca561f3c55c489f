import { limitExceeded } from "../../errors/limit-exceeded.ts"
import { type ErrorPlace, RowgateError } from "../../errors/rowgate-error.ts"
import { shownText } from "../../errors/shown-text.ts"
import type { ByteWindow } from "./byte-window.ts"
import type { JsonFault } from "./json-fault.ts"
import { pointerText } from "./json-pointer.ts"

/** Creates the error of a document that cannot be read beyond the place of a fault. */
export function documentError(fault: JsonFault, uri: string, window: ByteWindow): RowgateError {
  const { where, origin } = placeOf(fault.at, uri, window)
  switch (fault.kind) {
    case "truncated":
      return new RowgateError({
        code: "FILE_TRUNCATED",
        message: `The JSON text ends ${where}, before its last value is complete.`,
        remedy: "Transfer the complete file again.",
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
        message: `The text is not valid JSON ${where}: ${fault.message}.`,
        remedy: "Correct the text there, or write the file again with a JSON library.",
        origin,
      })
  }
}

/** Creates the error of a record that exceeds the limit of bytes. `start`: its index in the window's bytes. */
export function recordTooLong(seen: number, limit: number, start: number, uri: string, window: ByteWindow): RowgateError {
  const { where, origin } = placeOf(start, uri, window)
  const subject = `The JSON record ${where}`
  return limitExceeded({ subject, unit: "bytes or more", seen, limit, option: "limits.recordBytes", origin })
}

/** The place of an index of the window's bytes, in words and as an origin. */
function placeOf(index: number, uri: string, { offset, isFile }: ByteWindow): { readonly where: string; readonly origin: ErrorPlace } {
  const at = offset + index
  return isFile ? { where: `at byte ${at}`, origin: { uri, offset: at } } : { where: `at byte ${at} of its UTF-8 form`, origin: { uri } }
}

/** The error of a document that is an object of rows or columns, or has one at a path. */
export function keyedError(pointer: readonly string[], uri: string): RowgateError {
  const subject =
    pointer.length === 0
      ? "The document is an object"
      : `The document has no array of rows, and "${shownText(pointerText(pointer))}" is an object`
  const rest = pointer.length === 0 ? ", not an array of rows" : ""
  return new RowgateError({
    code: "TABLE_NOT_FOUND",
    message: `${subject} of objects with the same keys, which may be rows or columns${rest}.`,
    remedy: 'Write it as an array of objects, in pandas with to_json(orient="records"), or read the object as one row with ndjson().',
    origin: { uri },
  })
}

export function emptyError(uri: string): RowgateError {
  return new RowgateError({
    code: "SOURCE_EMPTY",
    message: `The file ${uri} is empty.`,
    remedy: "Check the program that writes the file; it must write an empty table as [].",
    origin: { uri },
  })
}
