import { SecretColumns, type SecretColumnsOptions } from "../../binding/secret-columns.ts"
import type { Plan } from "../../contract/plan.ts"
import type { Row } from "../../model/cell-value.ts"
import type { Issue } from "../../model/issue.ts"
import type { Reject } from "../../model/reject.ts"
import { setOwn } from "../../model/set-own.ts"
import { userCodeRule } from "../copy/row-faults.ts"

const redacted = "[redacted]"
/** A shorter value may occur in any sentence by chance. */
const fewestChars = 4

/**
 * Keeps cells of some columns out of the rejects that leave the load: their cells, and the messages of their issues. Messages of PostgreSQL
 * quote values of the row, in the server's language; what is known of them is that a detail names its columns as `(iban)=(...)`, and that the
 * first part of a message about a constraint quotes nothing. Errors quote no row at all: see `sinkError`.
 */
export class Redaction {
  readonly #secrets: SecretColumns

  constructor(options: SecretColumnsOptions, plan: Pick<Plan, "headers"> | undefined) {
    this.#secrets = new SecretColumns(options, plan)
  }

  reject(reject: Reject): Reject {
    if (this.#secrets.isEmpty) return reject
    const { origin, raw, issues } = reject
    // Columns may be found as late as in the batch that a reject comes from.
    const isSecret = this.#secrets.test()
    const cells: { [column: string]: unknown } = {}
    const quotable: string[] = []
    for (const [column, cell] of Object.entries(raw)) {
      // A row that could not be read into cells holds all of them.
      const hide = cell !== null && (column === "_raw" || isSecret(column))
      if (hide && String(cell).trim().length >= fewestChars) quotable.push(String(cell).trim())
      setOwn(cells, column, hide ? redacted : cell)
    }
    return { origin, raw: cells as Row, issues: issues.map((issue) => this.#issue(issue, isSecret, quotable)) }
  }

  #issue(issue: Issue, isSecret: (column: string) => boolean, quotable: readonly string[]): Issue {
    const { suggestion, ...rest } = issue
    if (issue.column !== undefined && isSecret(issue.column)) {
      // Keys of a nested value may be data.
      const { path, ...told } = rest
      return { ...told, message: redacted }
    }
    const clean = (text: string) => quotable.reduce((left, value) => left.replaceAll(value, redacted), text)
    const message = clean(issue.code.startsWith("postgres.") ? serverMessage(issue, isSecret) : issue.message)
    return suggestion === undefined ? { ...rest, message } : { ...rest, message, suggestion: clean(suggestion) }
  }
}

function serverMessage({ code, message, column, rule }: Issue, isSecret: (column: string) => boolean): string {
  if (rule === userCodeRule) return redacted
  if (!code.startsWith("postgres.23")) return column === undefined ? redacted : message
  if (rule === "postgres" && code !== "postgres.23502") return redacted
  const key = /\(((?:[^()]|\([^()]*\))*)\)=\(/.exec(message)
  if (key === null) return message.split(": ")[0] ?? redacted
  const columns = (key[1] ?? "").split(/[^\p{L}\p{N}_$]+/u)
  return columns.some(isSecret) ? `${message.slice(0, key.index)}(${key[1]})=(${redacted})` : message
}
