import { type ErrorPlace, RowgateError } from "./rowgate-error.ts"

/** What a `LIMIT_EXCEEDED` error says: the thing that is limited, the value met, the limit, and the option that raises it. */
export interface ExceededLimit {
  /** What is too large, as the subject of a sentence: "The entry xl/media/a.png". */
  readonly subject: string
  /** What it has too much of: "bytes", "entries". */
  readonly unit: string
  readonly seen: number
  readonly limit: number
  /** Full name of the option: "limits.entryBytes". */
  readonly option: string
  readonly origin: ErrorPlace
}

export function limitExceeded({ subject, unit, seen, limit, option, origin }: ExceededLimit): RowgateError {
  return new RowgateError({
    code: "LIMIT_EXCEEDED",
    message: `${subject} has ${seen} ${unit}; the limit is ${limit} (${option}).`,
    remedy: `If the file is to be trusted, raise the option ${option} above ${seen}.`,
    origin,
  })
}
