import type { ErrorCode } from "../../errors/error-code.ts"
import { quietCause } from "../../errors/quiet-cause.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"
import { quotesNothing, sqlStateText } from "./server-messages.ts"

/** What PostgreSQL and the network say of an error, as far as they say it. */
export interface DatabaseFault {
  readonly code: string
  readonly message: string
  readonly detail: string | undefined
  readonly table: string | undefined
  readonly constraint: string | undefined
  readonly column: string | undefined
  /** The server's own function that raised it. */
  readonly routine: string | undefined
  /** The context lines: for a COPY they name the line that was refused. */
  readonly where: string | undefined
}

/** Reads whatever a driver threw. `code` is empty where it gave none. */
export function faultOf(error: unknown): DatabaseFault {
  const fields: { readonly [field: string]: unknown } = typeof error === "object" && error !== null ? { ...error } : {}
  const text = (field: string) => (typeof fields[field] === "string" ? fields[field] : undefined)
  const message = error instanceof Error ? error.message : String(error)
  return {
    code: text("code") ?? "",
    message,
    detail: text("detail"),
    // The package `postgres` calls them otherwise than `pg` does.
    table: text("table") ?? text("table_name"),
    constraint: text("constraint") ?? text("constraint_name"),
    column: text("column") ?? text("column_name"),
    routine: text("routine"),
    where: text("where"),
  }
}

/**
 * Beginnings of the SQLSTATEs that say nothing of a row, for a regular expression of JavaScript's or PostgreSQL's. What is in none of PostgreSQL's
 * own classes was raised by a function of the table's owner. 54000 is a row that is too large for its page or its index; five letters from
 * E on are the operating system's, as EPIPE is.
 */
export const notAboutRows = "^(0[0-8ABFLPZ]|10|2[14-68BD]|3[4BDF]|4[02]|5[3578]|54(?!000)|72|F0|HV|XX|E[A-Z])"

const sqlState = /^[0-9A-Z]{5}$/
const aboutOtherThings = new RegExp(notAboutRows)

/** Whether the server said no to a row, so that the other rows may well go in. A policy does so with the code of a right that is missing. */
export function isRowFault({ code, routine }: DatabaseFault): boolean {
  if (code === "42501") return routine === "ExecWithCheckOptions"
  return sqlState.test(code) && !aboutOtherThings.test(code)
}

/** Whether others were in the way: a deadlock, a lock that took too long, a conflict of serializable transactions. */
export function isContention({ code }: DatabaseFault): boolean {
  return code === "40P01" || code === "40001" || code === "55P03"
}

/** Whether the connection is gone or in a state that nobody knows: an answer of the server always has a five-letter code. */
export function isConnectionFault({ code }: DatabaseFault): boolean {
  return !sqlState.test(code) || /^(08|57P0)/.test(code) || code === "EPIPE"
}

/** Whether the server has answered, if only to say no: it can be reached. */
export function isServerAnswer({ code }: DatabaseFault): boolean {
  return sqlState.test(code) && !/^E[A-Z]/.test(code)
}

interface Verdict {
  readonly code: ErrorCode
  readonly retryable: boolean
  readonly remedy: string
}

/**
 * The error that stops the run, from what a driver threw. An error of the library itself is passed on as it is. Of the driver's it keeps what
 * quotes no row, in its cause as well: drivers hang the context, the statement and its parameters on theirs.
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

/** What an error of a driver says, without what quotes a row: for errors, the log and the ledger. */
export function faultText(error: unknown): string {
  if (error instanceof RowgateError) return error.message
  const fault = faultOf(error)
  // A trigger may choose EPIPE for an SQLSTATE: what has a routine or a context comes from a server.
  if (!isServerAnswer(fault) && fault.routine === undefined && fault.where === undefined) {
    // The engine's own errors of what cannot be read quote it.
    if (error instanceof SyntaxError) return "a value cannot be read"
    return fault.message || fault.code || "unknown error"
  }
  return quotesNothing(fault) ? fault.message : sqlStateText(fault)
}

const refusedRemedy =
  "Nothing was loaded. Look for the SQLSTATE in the log of the server: its message may quote a row, so it is not repeated here."

function verdict(fault: DatabaseFault): Verdict {
  const { code } = fault
  if (code === "28P01" || code === "28000")
    return { code: "SINK_UNREACHABLE", retryable: false, remedy: "Check the user and the password of the connection." }
  if (code === "3D000")
    return { code: "SINK_UNREACHABLE", retryable: false, remedy: "Check the database name of the connection, or create the database." }
  if (code === "42501")
    return { code: "SINK_REFUSED", retryable: false, remedy: "Grant the rights that the guide lists under “Grants” to this user." }
  if (code === "42P01" || code === "42703" || code === "3F000")
    return {
      code: "SINK_SCHEMA_MISMATCH",
      retryable: false,
      remedy: "Create what is missing, or name the table and its columns as they are.",
    }
  if (code === "ENOTFOUND" || code === "ERR_INVALID_URL" || code === "EAI_AGAIN")
    return { code: "SINK_UNREACHABLE", retryable: code === "EAI_AGAIN", remedy: "Check the host name of the connection." }
  if (code === "53300" || /^(40|55)/.test(code))
    return { code: "SINK_BUSY", retryable: true, remedy: "Run it again: others were using the database." }
  if (isConnectionFault(fault))
    return { code: "SINK_UNREACHABLE", retryable: true, remedy: "Check that the server runs and can be reached, then run it again." }
  const retryable = /^(53|57|58)/.test(code)
  return { code: "SINK_REFUSED", retryable, remedy: refusedRemedy }
}
