import type { Issue } from "./issue.ts"

/** The issues of a batch, kept beside the columns. */
export interface IssueTable extends Iterable<{ readonly row: number; readonly issue: Issue }> {
  /** How many issues there are. */
  readonly size: number
  /** The issues of one row. */
  of(row: number): readonly Issue[]
}

const none: readonly Issue[] = []

/** Issues by row: rows with issues are few, so a map of them beats an array of all rows. */
export class RowIssues implements IssueTable {
  readonly #byRow = new Map<number, Issue[]>()
  #size = 0

  get size(): number {
    return this.#size
  }

  add(row: number, issue: Issue): void {
    const issues = this.#byRow.get(row)
    if (issues === undefined) this.#byRow.set(row, [issue])
    else issues.push(issue)
    this.#size++
  }

  of(row: number): readonly Issue[] {
    return this.#byRow.get(row) ?? none
  }

  /** Rows that have issues, in the order in which they got their first. */
  rows(): IterableIterator<number> {
    return this.#byRow.keys()
  }

  *[Symbol.iterator](): Iterator<{ readonly row: number; readonly issue: Issue }> {
    for (const [row, issues] of this.#byRow) for (const issue of issues) yield { row, issue }
  }
}
