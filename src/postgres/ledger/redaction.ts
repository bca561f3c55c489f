import { foldedKey, headerKey } from "../../binding/match-headers.ts"
import type { BoundHeader, Plan } from "../../contract/plan.ts"
import type { Row } from "../../model/cell-value.ts"
import type { Issue } from "../../model/issue.ts"
import type { Reject } from "../../model/reject.ts"
import { setOwn } from "../../model/set-own.ts"
import { userCodeRule } from "../copy/row-faults.ts"

const redacted = "[redacted]"
/** A shorter value may occur in any sentence by chance. */
const fewestChars = 4

/** Which columns a load keeps secret. */
export interface RedactionOptions {
  /** Names in the file, in the row or in the database. */
  readonly redact?: readonly string[] | undefined
  readonly columns?: { readonly [column: string]: string | undefined } | undefined
}

/**
 * Keeps cells of some columns out of the rejects that leave the load: their cells, and the messages of their issues. Messages of PostgreSQL
 * quote values of the row, in the server's language; what is known of them is that a detail names its columns as `(iban)=(...)`, and that the
 * first part of a message about a constraint quotes nothing. Errors quote no row at all: see `sinkError`.
 */
export class Redaction {
  readonly #names: ReadonlySet<string>
  readonly #plan: Pick<Plan, "headers"> | undefined
  readonly #renamed: readonly Names[]
  #secrets: { readonly names: ReadonlySet<string>; readonly of: number } = { names: new Set(), of: -1 }

  constructor({ redact = [], columns = {} }: RedactionOptions, plan: Pick<Plan, "headers"> | undefined) {
    this.#names = new Set(redact.flatMap((name) => [name, headerKey(name), foldedKey(name)]))
    this.#plan = plan
    this.#renamed = Object.entries(columns).flatMap(([name, column]) => (column === undefined ? [] : [[name, column] as const]))
  }

  reject(reject: Reject): Reject {
    if (this.#names.size === 0) return reject
    const { origin, raw, issues } = reject
    const isSecret = this.#isSecret()
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
    if (issue.column !== undefined && isSecret(issue.column)) return { ...rest, message: redacted }
    const clean = (text: string) => quotable.reduce((left, value) => left.replaceAll(value, redacted), text)
    const message = clean(issue.code.startsWith("postgres.") ? serverMessage(issue, isSecret) : issue.message)
    return suggestion === undefined ? { ...rest, message } : { ...rest, message, suggestion: clean(suggestion) }
  }

  /** Knows names that stand for one of the redacted columns: in the file, in the row, in the database. */
  #isSecret(): (column: string) => boolean {
    const found = this.#plan?.headers() ?? []
    // Columns may be found as late as in the batch that a reject comes from.
    if (this.#secrets.of !== found.length) this.#secrets = { names: this.#namesOf(found), of: found.length }
    const { names } = this.#secrets
    return (column) => names.has(column) || this.#isNamed(column)
  }

  #namesOf(found: readonly BoundHeader[]): ReadonlySet<string> {
    const pairs: readonly Names[] = [
      ...this.#renamed,
      ...found.flatMap(([column, header]) => (header === null ? [] : [[column, header] as const])),
    ]
    const secret = new Set<string>()
    // A header leads to a row column, and that to another one or to a database column.
    for (let before = -1; before < secret.size; ) {
      before = secret.size
      for (const pair of pairs) if (pair.some((name) => secret.has(name) || this.#isNamed(name))) for (const name of pair) secret.add(name)
    }
    return secret
  }

  #isNamed(name: string): boolean {
    return this.#names.has(name) || this.#names.has(headerKey(name)) || this.#names.has(foldedKey(name))
  }
}

/** Two names of one column. */
type Names = readonly [string, string]

function serverMessage({ code, message, column, rule }: Issue, isSecret: (column: string) => boolean): string {
  if (rule === userCodeRule) return redacted
  if (!code.startsWith("postgres.23")) return column === undefined ? redacted : message
  if (rule === "postgres" && code !== "postgres.23502") return redacted
  const key = /\(((?:[^()]|\([^()]*\))*)\)=\(/.exec(message)
  if (key === null) return message.split(": ")[0] ?? redacted
  const columns = (key[1] ?? "").split(/[^\p{L}\p{N}_$]+/u)
  return columns.some(isSecret) ? `${message.slice(0, key.index)}(${key[1]})=(${redacted})` : message
}
