import type { ErrorCode } from "../../errors/error-code.ts"
import { quietCause } from "../../errors/quiet-cause.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"
import { quotesNothing, sqlStateText } from "./server-messages.ts"

/** The fields of an error from PostgreSQL or the network, as far as it has them. */
export interface DatabaseFault {
  readonly code: string
  readonly message: string
  readonly detail: string | undefined
  readonly table: string | undefined
  readonly constraint: string | undefined
  readonly column: string | undefined
  /** The function of the server that raised it. */
  readonly routine: string | undefined
  /** The context. For a COPY, it names the line that was refused. */
  readonly where: string | undefined
}

/** Reads the error of any driver. `code` is empty if it has none. */
export function faultOf(error: unknown): DatabaseFault {
  const fields: { readonly [field: string]: unknown } = typeof error === "object" && error !== null ? { ...error } : {}
  const text = (field: string) => (typeof fields[field] === "string" ? fields[field] : undefined)
  const message = error instanceof Error ? error.message : String(error)
  return {
    code: text("code") ?? "",
    message,
    detail: text("detail"),
    // The package `postgres` has other names for these than `pg`.
    table: text("table") ?? text("table_name"),
    constraint: text("constraint") ?? text("constraint_name"),
    column: text("column") ?? text("column_name"),
    routine: text("routine"),
    where: text("where"),
  }
}

/**
 * Matches the SQLSTATEs that are not about a row, as a regular expression for both JavaScript and PostgreSQL. An SQLSTATE outside of PostgreSQL's
 * classes was raised by user code, so it is about a row. 54000 is a row that is too large for its page or its index. Five letters beginning with E
 * are an error code of the operating system, such as EPIPE.
 */
export const notAboutRows = "^(0[0-8ABFLPZ]|10|2[14-68BD]|3[4BDF]|4[02]|5[3578]|54(?!000)|72|F0|HV|XX|E[A-Z])"

const sqlState = /^[0-9A-Z]{5}$/
const aboutOtherThings = new RegExp(notAboutRows)

/** Whether the server refused a row, so that other rows may still be accepted. A policy refuses with the code of a missing permission. */
export function isRowFault({ code, routine }: DatabaseFault): boolean {
  if (code === "42501") return routine === "ExecWithCheckOptions"
  return sqlState.test(code) && !aboutOtherThings.test(code)
}

/** Whether other sessions were the reason: a deadlock, a lock that took too long, a conflict of serializable transactions. */
export function isContention({ code }: DatabaseFault): boolean {
  return code === "40P01" || code === "40001" || code === "55P03"
}

/**
 * Whether the connection is broken or in an unknown state. Errors of the server always have a five-letter code. 25P03 and 25P04 are timeouts of the
 * transaction, with which the server closes the connection.
 */
export function isConnectionFault({ code }: DatabaseFault): boolean {
  return !sqlState.test(code) || /^(08|57P0|25P0[34])/.test(code) || code === "EPIPE"
}

/** Whether the server answered, even if with an error: it can be reached. */
export function isServerAnswer({ code }: DatabaseFault): boolean {
  return sqlState.test(code) && !/^E[A-Z]/.test(code)
}

interface Verdict {
  readonly code: ErrorCode
  readonly retryable: boolean
  readonly remedy: string
}

/**
 * Turns the error of a driver into the error that stops the run; errors of rowgate are returned unchanged. Neither the error nor its cause
 * quotes a row: drivers attach the context, the statement and its parameters to their errors.
 */
export function sinkError(error: unknown, target: string): RowgateError {
  if (error instanceof RowgateError) return error
  const fault = faultOf(error)
  const { code, retryable, remedy } = verdict(fault)
  const message = faultText(error)
  const { code: sqlstate, routine } = fault
  const cause = Object.assign(quietCause(error, message), { code: sqlstate, ...(routine === undefined ? {} : { routine }) })
  return new RowgateError({ code, message: `${target}: ${message}`, remedy, origin: { uri: target }, retryable, cause })
}

/** The message of an error, without quotes of a row: for errors, the log and the ledger. */
export function faultText(error: unknown): string {
  if (error instanceof RowgateError) return error.message
  const fault = faultOf(error)
  // A trigger may use EPIPE as its SQLSTATE; an error with a routine or a context comes from a server.
  if (!isServerAnswer(fault) && fault.routine === undefined && fault.where === undefined) {
    // Syntax errors of the JavaScript engine quote the text.
    if (error instanceof SyntaxError) return "a value cannot be parsed"
    return fault.message || fault.code || "unknown error"
  }
  return quotesNothing(fault) ? fault.message : sqlStateText(fault)
}

const refusedRemedy = "Look for the SQLSTATE in the log of the server, which has the whole message. Nothing was loaded."

const certificateRemedy =
  "Name the server's certificate authority with sslrootcert=FILE in the connection string, and connect by the name that the certificate has."

function verdict(fault: DatabaseFault): Verdict {
  const { code } = fault
  if (code === "28P01" || code === "28000")
    return { code: "SINK_UNREACHABLE", retryable: false, remedy: "Check the user and the password of the connection." }
  if (code === "3D000")
    return { code: "SINK_UNREACHABLE", retryable: false, remedy: "Check the database name of the connection, or create the database." }
  if (code === "42501")
    return { code: "SINK_REFUSED", retryable: false, remedy: "Grant this user the permissions that docs/postgres.md lists under “Grants”." }
  if (code === "42P01" || code === "42703" || code === "3F000")
    return {
      code: "SINK_SCHEMA_MISMATCH",
      retryable: false,
      remedy: "Create what is missing, or correct the names of the table and its columns.",
    }
  if (code === "54011")
    return {
      code: "SINK_SCHEMA_MISMATCH",
      retryable: false,
      remedy: "PostgreSQL holds at most 1,600 columns in a table, and dropped ones count too; a load that stages its rows needs one more.",
    }
  if (code === "ENOTFOUND" || code === "ERR_INVALID_URL" || code === "EAI_AGAIN")
    return { code: "SINK_UNREACHABLE", retryable: code === "EAI_AGAIN", remedy: "Check the host name of the connection." }
  if (/_CERT|CERT_|UNABLE_TO_VERIFY/.test(code)) return { code: "SINK_UNREACHABLE", retryable: false, remedy: certificateRemedy }
  if (code === "53300" || /^(40|55)/.test(code))
    return { code: "SINK_BUSY", retryable: true, remedy: "Run it again once other sessions are done." }
  if (isConnectionFault(fault))
    return { code: "SINK_UNREACHABLE", retryable: true, remedy: "Check that the server is running and can be reached, then run it again." }
  const retryable = /^(53|57|58)/.test(code)
  return { code: "SINK_REFUSED", retryable, remedy: refusedRemedy }
}
