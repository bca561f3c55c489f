import { quietCause } from "../../errors/quiet-cause.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"

const hidden = "(no message, because it may quote a row)"

/** Fields of a line, safe to log: errors become objects without messages that may quote a row. */
export interface LogFields {
  readonly [name: string]: unknown
}

/** Prepares fields for a line. `message` is the text of the line, so a field of that name is renamed `cause`. */
export function logFields(fields: object): LogFields {
  const { message, ...others } = { message: undefined, ...fields }
  const own = message === undefined ? others : { ...others, cause: message }
  return Object.fromEntries(Object.entries(own).map(([name, value]) => [name, value instanceof Error ? errorFields(value) : value]))
}

/**
 * What a log may say about an error. The messages of rowgate's errors never quote a row. Any other error may come from a check or a stage that met
 * a row, so only its name and its place are logged.
 */
export function errorFields(error: unknown): LogFields {
  if (!(error instanceof Error)) return { name: typeof error }
  if (!(error instanceof RowgateError)) return { name: nameOf(error), stack: quietCause(error, hidden).stack }
  const { name, code, message, remedy, origin, retryable, cause } = error
  return { name, code, message, remedy, origin, retryable, ...(cause === undefined ? {} : { cause: errorFields(cause) }) }
}

/** The name of an error of the AWS SDK or of PostgreSQL tells more than its class. */
function nameOf(error: Error): string {
  return "code" in error && typeof error.code === "string" ? `${error.name} ${error.code}` : error.name
}
