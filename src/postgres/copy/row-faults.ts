import { createIssue } from "../../model/create-issue.ts"
import type { Issue } from "../../model/issue.ts"
import type { Reject } from "../../model/reject.ts"
import type { TableBatch } from "../../model/table-batch.ts"
import { isRaisedByUserCode } from "../connection/server-messages.ts"
import { type DatabaseFault, isRowFault } from "../connection/sink-error.ts"
import type { Placement } from "../target/layout.ts"

/** The rule of issues whose message a trigger or a function wrote. */
export const userCodeRule = "trigger"

/** What is wrong with a row, as the database or the encoder says it. */
export interface RowFault {
  readonly code: string
  readonly message: string
  /** The violated constraint, if there is one. */
  readonly constraint?: string | undefined
  /** Whether a trigger or a function wrote the message. */
  readonly raised?: boolean | undefined
  /** The column of the rows. */
  readonly column?: string | undefined
}

/** The fault of an error of PostgreSQL: its SQLSTATE, its message with the detail, the constraint and the column, as far as the error names them. */
export function rowFault(fault: DatabaseFault, placed: readonly Placement[]): RowFault {
  const { code, detail, constraint } = fault
  const named = fault.column ?? copyContext(fault)?.column ?? constraintColumn(detail)
  const column = placed.find(({ target }) => target.name === named)?.source
  // Users do not know the name of a staging table.
  const message = fault.message.replace(/relation "(?:rowgate_stage_\d+|stage_[0-9a-f]{32})"/, "the table")
  const text = detail === undefined ? message : `${message}: ${detail}`
  return isRaisedByUserCode(fault)
    ? { code: `postgres.${code}`, message: text, raised: true }
    : { code: `postgres.${code}`, message: text, constraint, column }
}

/**
 * Whether COPY refused a row. If the error names a column, its value was the reason, whatever the code is: `tsquery` reports a syntax error (42601),
 * types of PostGIS an internal error.
 */
export function isCopyFault(fault: DatabaseFault): boolean {
  return isRowFault(fault) || (/^(0A000|42(?!501)...|XX000)$/.test(fault.code) && copyContext(fault)?.column !== undefined)
}

/** The line of a COPY that was refused, counted from 1, and its column: `COPY orders, line 12, column amount: "abc"`. */
export function copyContext({ where }: DatabaseFault): { readonly line: number; readonly column: string | undefined } | undefined {
  // The words are in the server's language. The context of a trigger comes before this line. What comes after it is data, which may be forged.
  const context = where?.split("\n").find((line) => line.startsWith("COPY "))
  const found = /^COPY .+?, [^\d,:"]+(\d+)(?:, [^\s,:"]+ ([^:]+))?(?::|$)/.exec(context ?? "")
  return found === null ? undefined : { line: Number(found[1]), column: found[2] }
}

/**
 * Whether COPY may have read further lines before it noticed the fault, so that the error names the last line that was read. It only notices that a row is too
 * large for a page when it writes the rows that it has gathered. An index reports each row by itself.
 */
export function isFoundLate({ code, routine }: DatabaseFault): boolean {
  return code === "54000" && (routine === undefined || routine === "RelationGetBufferForTuple")
}

/** The reject of a row: its earlier issues and these faults. */
export function refusedRow(batch: TableBatch<unknown>, row: number, faults: readonly RowFault[]): Reject {
  return batch.reject(row, issuesOf(faults))
}

/** The issues that faults become. */
export function issuesOf(faults: readonly RowFault[]): readonly Issue[] {
  return faults.map(issueOf)
}

function issueOf({ code, message, constraint, column, raised }: RowFault): Issue {
  const rule = raised === true ? userCodeRule : (constraint ?? "postgres")
  return createIssue({ code, message, rule, column })
}

/** The column in `Key (customer_id)=(7) is not present in table "customer".`, if the key has only one. */
function constraintColumn(detail: string | undefined): string | undefined {
  return /\((?:"((?:[^"]|"")+)"|([^,()]+))\)=/
    .exec(detail ?? "")
    ?.slice(1)
    .find((name) => name !== undefined)
}
