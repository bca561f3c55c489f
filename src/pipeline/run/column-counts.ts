import type { ColumnReport } from "../../model/column-report.ts"
import type { Issue } from "../../model/issue.ts"

/** How many issues name a column. */
export type ColumnIssues = Pick<ColumnReport, "nulls" | "errors" | "warnings">

/** A `ColumnCounts` as plain JSON. */
export interface ColumnCountsJson {
  readonly names: readonly string[]
  readonly issues: readonly (readonly [column: string, issues: ColumnIssues])[]
}

const none: ColumnIssues = { nulls: 0, errors: 0, warnings: 0 }

/** The columns that the rows of a delivery have, and the issues that name a column. */
export class ColumnCounts {
  readonly #names = new Set<string>()
  readonly #issues = new Map<string, { nulls: number; errors: number; warnings: number }>()

  /** The columns of the rows, in the order in which they came. */
  get names(): ReadonlySet<string> {
    return this.#names
  }

  /** The issues of a column of the rows or of the file. */
  of(column: string): ColumnIssues {
    return this.#issues.get(column) ?? none
  }

  addNames(names: readonly string[]): void {
    for (const name of names) this.#names.add(name)
  }

  addIssue(column: string, { code, severity }: Pick<Issue, "code" | "severity">): void {
    const counts = this.#known(column)
    if (severity === "error") counts.errors++
    else if (code === "cell.null") counts.nulls++
    else counts.warnings++
  }

  merge({ names, issues }: ColumnCountsJson): void {
    this.addNames(names)
    for (const [column, { nulls, errors, warnings }] of issues) {
      const counts = this.#known(column)
      counts.nulls += nulls
      counts.errors += errors
      counts.warnings += warnings
    }
  }

  toJSON(): ColumnCountsJson {
    return { names: [...this.#names], issues: [...this.#issues] }
  }

  #known(column: string): { nulls: number; errors: number; warnings: number } {
    const counts = this.#issues.get(column) ?? { ...none }
    this.#issues.set(column, counts)
    return counts
  }
}
