import { createIssue } from "./create-issue.ts"
import type { Issue } from "./issue.ts"

/** The issues of a batch, kept beside the columns. */
export interface IssueTable extends Iterable<{ readonly row: number; readonly issue: Issue }> {
  /** How many issues were found. The table keeps the first hundred of each row. */
  readonly size: number
  /** The issues of one row: the first hundred and, if there are more, an issue with the code `issues.more` that says how many. */
  of(row: number): readonly Issue[]
}

/** How many issues of a row are kept: a row may have sixteen thousand cells, and each of them an issue. */
const mostIssues = 100
const moreCode = "issues.more"

const none: readonly Issue[] = []

/** Issues by row. Few rows have issues, so a map is smaller than an array of all rows. */
export class RowIssues implements IssueTable {
  readonly #byRow = new Map<number, Issue[]>()
  /** Issues beyond the first hundred of a row. Similar ones share an object: the score counts them, and nobody reads their messages. */
  readonly #beyond = new Map<number, Issue[]>()
  readonly #alike = new Map<string, Issue>()
  #size = 0

  get size(): number {
    return this.#size
  }

  add(row: number, issue: Issue): void {
    const issues = this.#byRow.get(row)
    if (issues === undefined) this.#byRow.set(row, [issue])
    // In a copy of a batch, an issue after the hundredth says how many more there were.
    else if (issues.length < mostIssues || issue.code === moreCode) issues.push(issue)
    else this.#addBeyond(row, issue)
    this.#size++
  }

  of(row: number): readonly Issue[] {
    const issues = this.#byRow.get(row) ?? none
    const beyond = this.#beyond.get(row)
    return beyond === undefined ? issues : [...issues, moreOf(beyond)]
  }

  /** Every issue of a row. Beyond the first hundred, a message may be that of a similar issue. */
  found(row: number): readonly Issue[] {
    const issues = this.#byRow.get(row) ?? none
    const beyond = this.#beyond.get(row)
    return beyond === undefined ? issues : [...issues, ...beyond]
  }

  /** The issue of a row that has exactly one. */
  only(row: number): Issue | undefined {
    const issues = this.#byRow.get(row)
    return issues?.length === 1 ? issues[0] : undefined
  }

  /** Whether an error of a row concerns a column. A warning does not reject the row. */
  concerns(row: number, column: string): boolean {
    const isOf = (issue: Issue) => issue.column === column && issue.severity === "error"
    return this.#byRow.get(row)?.some(isOf) === true || this.#beyond.get(row)?.some(isOf) === true
  }

  /** The rows that have issues, in the order of their first issues. */
  rows(): IterableIterator<number> {
    return this.#byRow.keys()
  }

  copy(): RowIssues {
    const copy = new RowIssues()
    for (const [row, issues] of this.#byRow) copy.#byRow.set(row, [...issues])
    for (const [row, issues] of this.#beyond) copy.#beyond.set(row, [...issues])
    for (const [key, issue] of this.#alike) copy.#alike.set(key, issue)
    copy.#size = this.#size
    return copy
  }

  *[Symbol.iterator](): Iterator<{ readonly row: number; readonly issue: Issue }> {
    for (const row of this.#byRow.keys()) for (const issue of this.of(row)) yield { row, issue }
  }

  #addBeyond(row: number, issue: Issue): void {
    const { code, rule, column = "", severity, confidence } = issue
    const key = `${code}\0${rule}\0${column}\0${severity}\0${confidence}`
    const alike = this.#alike.get(key) ?? issue
    if (alike === issue) this.#alike.set(key, issue)
    const beyond = this.#beyond.get(row)
    if (beyond === undefined) this.#beyond.set(row, [alike])
    else beyond.push(alike)
  }
}

function moreOf(beyond: readonly Issue[]): Issue {
  const { length } = beyond
  return createIssue({
    code: moreCode,
    message: `The row has ${length} more ${length === 1 ? "issue" : "issues"} than the ${mostIssues} that are listed.`,
    severity: beyond.some(({ severity }) => severity === "error") ? "error" : "warning",
  })
}
