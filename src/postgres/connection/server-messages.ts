import type { DatabaseFault } from "./sink-error.ts"

/**
 * Functions that raise what somebody else has written: RAISE and ASSERT of PL/pgSQL, the `elog` of the other languages. Such a message may
 * quote a row, under any SQLSTATE.
 */
const raisingRoutines = /^(exec_stmt_|do_util_elog|plperl|pltcl|PLy_|plv8|plr_|pllua)/

/**
 * SQLSTATEs whose own messages quote no value: connection, login, names of databases, schemas, tables and columns, missing rights, conflicts,
 * resources, an operator's hand, the server's files.
 */
const quotingNothing = /^(08|28|3D|3F|40|42501|42703|42P01|42P07|53|55|57|58)/
/** What a pooler says by itself carries no routine; a server never leaves that out. */
const fromPoolers = /^(08|28|3D|53300|57P)/
/** What cannot be altered, such as a column that a view reads. */
const fromAlterTable = /^(AT[A-Z]|Remember)/
/** The server's own functions that are heard in the middle of a trigger, and say nothing of it. */
const fromAnywhere = /^(DeadLockReport|ProcessInterrupts|ProcSleep)$/

/** Whether code of the table's owner made the message: then nobody knows what it quotes, nor what its constraint and column are. */
export function isRaisedByUserCode({ code, routine = "", where }: DatabaseFault): boolean {
  // A constraint that breaks below a function is one of another table, or of what the function made of the row.
  const isBelow = code.startsWith("23") && where !== undefined && !where.startsWith("COPY ")
  return raisingRoutines.test(routine) || isBelow
}

/** Whether the message is the server's own and quotes nothing: it then may stand in errors and in the log. A context means data, or a function. */
export function quotesNothing({ code, routine, where }: DatabaseFault): boolean {
  if (routine === undefined) return fromPoolers.test(code) && where === undefined
  if (code === "0A000") return fromAlterTable.test(routine) && where === undefined
  return quotingNothing.test(code) && !raisingRoutines.test(routine) && (where === undefined || fromAnywhere.test(routine))
}

const conditions: readonly (readonly [begin: string, says: string])[] = [
  ["08", "the connection failed"],
  ["0A", "a feature is not supported"],
  ["22", "a value does not fit"],
  ["23502", "a null stands where none may"],
  ["23503", "a foreign key is broken"],
  ["23505", "a unique constraint is broken"],
  ["23514", "a check is broken"],
  ["23", "a constraint is broken"],
  ["28", "the login was refused"],
  ["40P01", "there was a deadlock"],
  ["40", "transactions were in each other's way"],
  ["42501", "a right is missing"],
  ["42", "a statement or a name in it is wrong"],
  ["53100", "the disk is full"],
  ["53200", "the memory is used up"],
  ["53300", "there are too many connections"],
  ["53", "a resource is used up"],
  ["54", "a limit of the server is exceeded"],
  ["55P03", "a lock was not to be had"],
  ["55", "an object is in another state"],
  ["57014", "the statement was cancelled"],
  ["57", "an operator stepped in"],
  ["58", "the server's system failed"],
  ["P0", "a function raised an exception"],
]

/** What an error says in the place of a message that may quote a row: the SQLSTATE and what it means, the table, the constraint. */
export function sqlStateText(fault: DatabaseFault): string {
  const { code, table, constraint } = fault
  const condition = conditions.find(([begin]) => code.startsWith(begin))?.[1] ?? "the statement was refused"
  if (isRaisedByUserCode(fault)) return `PostgreSQL answered with SQLSTATE ${code}, in words of a trigger or function`
  const where = [table === undefined ? undefined : `table ${table}`, constraint === undefined ? undefined : `constraint ${constraint}`]
  const named = where.filter((name) => name !== undefined).join(", ")
  return `PostgreSQL answered with SQLSTATE ${code}: ${condition}${named === "" ? "" : ` (${named})`}`
}
