import { RowgateError } from "../../errors/rowgate-error.ts"
import { shownText } from "../../errors/shown-text.ts"

/** The error of an event that no call of the same kind can ever mean. `says` is a sentence. */
export function invalidEvent(says: string, cause?: unknown): RowgateError {
  return new RowgateError({
    code: "EVENT_INVALID",
    message: says,
    remedy:
      'Send an event of S3 (directly, or through EventBridge, SNS or SQS), or { "bucket": "...", "key": "..." }, or { "uri": "s3://bucket/key" }.',
    cause,
  })
}

export function objectNotAllowed(uri: string, allowed: readonly string[]): RowgateError {
  return new RowgateError({
    code: "OBJECT_NOT_ALLOWED",
    message: `The event names ${shownText(uri, 1_200)}, but this function only reads objects below ${allowed.join(", ")}.`,
    remedy: "Limit the notification to the landing prefix, or allow the function to read this place.",
    origin: { uri },
  })
}
