import { createIssue } from "../../model/create-issue.ts"
import type { Issue } from "../../model/issue.ts"
import type { Reject } from "../../model/reject.ts"
import type { TableBatch } from "../../model/table-batch.ts"
import { isRaisedByUserCode } from "../connection/server-messages.ts"
import { type DatabaseFault, isRowFault } from "../connection/sink-error.ts"
import type { Placement } from "../target/layout.ts"

/** The rule of issues whose message was made by a trigger or a function. */
export const userCodeRule = "trigger"

/** What is wrong with a row, in the database's words or the encoder's. */
export interface RowFault {
  readonly code: string
  readonly message: string
  /** The constraint that said no, where it was one. */
  readonly constraint?: string | undefined
  /** Whether a trigger or a function made the message, in words of its own. */
  readonly raised?: boolean | undefined
  /** The row's own column. */
  readonly column?: string | undefined
}

/** The fault that PostgreSQL names: its SQLSTATE, its message with the detail, the constraint, and the column where it says which. */
export function rowFault(fault: DatabaseFault, placed: readonly Placement[]): RowFault {
  const { code, detail, constraint } = fault
  const named = fault.column ?? copyContext(fault)?.column ?? constraintColumn(detail)
  const column = placed.find(({ target }) => target.name === named)?.source
  // The name of a staging table means nothing to anybody.
  const message = fault.message.replace(/relation "rowgate_stage_\d+"/, "the table")
  const text = detail === undefined ? message : `${message}: ${detail}`
  return isRaisedByUserCode(fault)
    ? { code: `postgres.${code}`, message: text, raised: true }
    : { code: `postgres.${code}`, message: text, constraint, column }
}

/**
 * Whether COPY said no to a row. Where it names a column, that was its value, under whatever code: the types of texts that are searched call a
 * faulty one a syntax error (42601), those of PostGIS an internal one.
 */
export function isCopyFault(fault: DatabaseFault): boolean {
  return isRowFault(fault) || (/^(0A000|42(?!501)...|XX000)$/.test(fault.code) && copyContext(fault)?.column !== undefined)
}

/** The line of a COPY that was refused, counted from 1, and its column: `COPY orders, line 12, column amount: "abc"`. */
export function copyContext({ where }: DatabaseFault): { readonly line: number; readonly column: string | undefined } | undefined {
  // The words between are in the server's language. A trigger's own context stands before; what stands after is data, and may be forged.
  const context = where?.split("\n").find((line) => line.startsWith("COPY "))
  const found = /^COPY .+?, [^\d,:"]+(\d+)(?:, [^\s,:"]+ ([^:]+))?(?::|$)/.exec(context ?? "")
  return found === null ? undefined : { line: Number(found[1]), column: found[2] }
}

/**
 * Whether COPY may have read on before it noticed: that a row is too large for a page shows when the rows that were gathered are written, and
 * the line that is named is the last one read. An index notices each row by itself.
 */
export function isFoundLate({ code, routine }: DatabaseFault): boolean {
  return code === "54000" && (routine === undefined || routine === "RelationGetBufferForTuple")
}

/** The row as it leaves the run, with what was found before. */
export function refusedRow(batch: TableBatch<unknown>, row: number, faults: readonly RowFault[]): Reject {
  return batch.reject(row, faults.map(issueOf))
}

function issueOf({ code, message, constraint, column, raised }: RowFault): Issue {
  const rule = raised === true ? userCodeRule : (constraint ?? "postgres")
  return createIssue({ code, message, rule, column })
}

/** `Key (customer_id)=(7) is not present in table "customer".`: the column, where the key has one. */
function constraintColumn(detail: string | undefined): string | undefined {
  return /\((?:"((?:[^"]|"")+)"|([^,()]+))\)=/
    .exec(detail ?? "")
    ?.slice(1)
    .find((name) => name !== undefined)
}
