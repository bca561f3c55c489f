import { type ErrorPlace, RowgateError } from "./rowgate-error.ts"

/** What a `LIMIT_EXCEEDED` error says: the thing that is limited, the value met, the limit, and what to do. */
export interface ExceededLimit {
  /** What is too large, as the subject of a sentence: "The entry xl/media/a.png". */
  readonly subject: string
  /** What it has too much of: "bytes", "entries". */
  readonly unit: string
  readonly seen: number
  readonly limit: number
  readonly origin?: ErrorPlace | undefined
}

/** An option can raise the limit, by its full name: "limits.entryBytes". A limit of a file format has its own remedy. */
type Way = { readonly option: string; readonly remedy?: undefined } | { readonly remedy: string; readonly option?: undefined }

export function limitExceeded({ subject, unit, seen, limit, option, remedy, origin }: ExceededLimit & Way): RowgateError {
  const name = option === undefined ? "" : ` (${option})`
  return new RowgateError({
    code: "LIMIT_EXCEEDED",
    message: `${subject} has ${seen} ${unit}; the limit is ${limit}${name}.`,
    remedy: remedy ?? `If you trust the file, raise the option ${option} above ${seen}.`,
    origin,
  })
}
