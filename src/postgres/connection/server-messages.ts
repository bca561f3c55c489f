import type { DatabaseFault } from "./sink-error.ts"

/**
 * Server functions that raise messages of user code: RAISE and ASSERT of PL/pgSQL, `elog` of other languages. Such a message may quote a row and
 * have any SQLSTATE.
 */
const raisingRoutines = /^(exec_stmt_|do_util_elog|plperl|pltcl|PLy_|plv8|plr_|pllua)/

/**
 * SQLSTATEs whose messages quote no value: about connections, logins, names of databases, schemas, tables and columns, permissions, conflicts,
 * resources, interventions of an operator, and files of the server.
 */
const quotingNothing = /^(08|28|3D|3F|40|42501|42703|42P01|42P07|53|55|57|58)/
/** SQLSTATEs that poolers use. Errors of a pooler have no routine; those of a server always do. */
const fromPoolers = /^(08|28|3D|53300|57P)/
/** Functions that refuse an ALTER TABLE, for example of a column that a view reads. */
const fromAlterTable = /^(AT[A-Z]|Remember)/
/** Functions that can raise an error while a trigger runs, without quoting anything of it. */
const fromAnywhere = /^(DeadLockReport|ProcessInterrupts|ProcSleep)$/

/** Whether user code wrote the message. It may then quote anything, and its constraint and column may belong to another table. */
export function isRaisedByUserCode({ code, routine = "", where }: DatabaseFault): boolean {
  // If a constraint is violated inside a function, it belongs to another table, or the function has changed the row.
  const isBelow = code.startsWith("23") && where !== undefined && !where.startsWith("COPY ")
  return raisingRoutines.test(routine) || isBelow
}

/** Whether the server wrote the message and it quotes no value, so that errors and the log may contain it. A context (`where`) means data or a function. */
export function quotesNothing({ code, routine, where }: DatabaseFault): boolean {
  if (routine === undefined) return fromPoolers.test(code) && where === undefined
  if (code === "0A000") return fromAlterTable.test(routine) && where === undefined
  return quotingNothing.test(code) && !raisingRoutines.test(routine) && (where === undefined || fromAnywhere.test(routine))
}

const conditions: readonly (readonly [begin: string, meaning: string])[] = [
  ["08", "the connection failed"],
  ["0A", "a feature is not supported"],
  ["22", "a value does not fit its type"],
  ["23502", "a not-null constraint was violated"],
  ["23503", "a foreign key was violated"],
  ["23505", "a unique constraint was violated"],
  ["23514", "a check constraint was violated"],
  ["23", "a constraint was violated"],
  ["28", "the login was refused"],
  ["40P01", "there was a deadlock"],
  ["40", "transactions conflicted"],
  ["42501", "a permission is missing"],
  ["42", "a statement or a name in it is wrong"],
  ["53100", "the disk is full"],
  ["53200", "the server is out of memory"],
  ["53300", "there are too many connections"],
  ["53", "the server is out of a resource"],
  ["54", "a limit of the server is exceeded"],
  ["55P03", "a lock was not available"],
  ["55", "an object is not in the required state"],
  ["57014", "the statement was cancelled"],
  ["57", "an operator intervened"],
  ["58", "the server had a system error"],
  ["P0", "a function raised an exception"],
]

/** The text that replaces a message that may quote a row: the SQLSTATE and its meaning, the table, the constraint. */
export function sqlStateText(fault: DatabaseFault): string {
  const { code, table, constraint } = fault
  const condition = conditions.find(([begin]) => code.startsWith(begin))?.[1] ?? "the statement was refused"
  if (isRaisedByUserCode(fault)) return `PostgreSQL answered with SQLSTATE ${code}, with a message of a trigger or function`
  const where = [table === undefined ? undefined : `table ${table}`, constraint === undefined ? undefined : `constraint ${constraint}`]
  const named = where.filter((name) => name !== undefined).join(", ")
  return `PostgreSQL answered with SQLSTATE ${code}: ${condition}${named === "" ? "" : ` (${named})`}`
}
