import { createIssue } from "./create-issue.ts"
import type { Issue } from "./issue.ts"

/** The issues of a batch, kept beside the columns. */
export interface IssueTable extends Iterable<{ readonly row: number; readonly issue: Issue }> {
  /** How many issues were found. Of a row, the first hundred are kept. */
  readonly size: number
  /** The issues of one row: the first hundred, and where there are more, one with the code `issues.more` that says how many. */
  of(row: number): readonly Issue[]
}

/** Issues of a row that are kept. A row may have sixteen thousand cells, and each of them an issue. */
const mostIssues = 100
const moreCode = "issues.more"

const none: readonly Issue[] = []

/** Issues by row: rows with issues are few, so a map of them beats an array of all rows. */
export class RowIssues implements IssueTable {
  readonly #byRow = new Map<number, Issue[]>()
  /** What is beyond the first hundred of a row, alike ones as the same object: the score counts them, and nobody reads their messages. */
  readonly #beyond = new Map<number, Issue[]>()
  readonly #alike = new Map<string, Issue>()
  #size = 0

  get size(): number {
    return this.#size
  }

  add(row: number, issue: Issue): void {
    const issues = this.#byRow.get(row)
    if (issues === undefined) this.#byRow.set(row, [issue])
    // Of a batch that is copied, the last one says how many more there were.
    else if (issues.length < mostIssues || issue.code === moreCode) issues.push(issue)
    else this.#addBeyond(row, issue)
    this.#size++
  }

  of(row: number): readonly Issue[] {
    const issues = this.#byRow.get(row) ?? none
    const beyond = this.#beyond.get(row)
    return beyond === undefined ? issues : [...issues, moreOf(beyond)]
  }

  /** Every issue that was found on a row. Messages of those beyond the first hundred may be those of others like them. */
  *found(row: number): IterableIterator<Issue> {
    yield* this.#byRow.get(row) ?? none
    yield* this.#beyond.get(row) ?? none
  }

  /** Whether an issue of a row speaks of a column. */
  concerns(row: number, column: string): boolean {
    const isOf = (issue: Issue) => issue.column === column
    return this.#byRow.get(row)?.some(isOf) === true || this.#beyond.get(row)?.some(isOf) === true
  }

  /** Rows that have issues, in the order in which they got their first. */
  rows(): IterableIterator<number> {
    return this.#byRow.keys()
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
