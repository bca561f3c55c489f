import type { Issue } from "../../model/issue.ts"
import type { Reject } from "../../model/reject.ts"
import type { TableBatch } from "../../model/table-batch.ts"
import { ColumnCounts, type ColumnCountsJson } from "./column-counts.ts"
import { RuleExamples, type RuleExamplesJson } from "./rule-examples.ts"

/** Counts as JSON. */
export interface CountsJson {
  readonly read: number
  readonly passed: number
  readonly rejected: number
  readonly filtered: number
  readonly issues: { readonly [code: string]: number }
  readonly columns: ColumnCountsJson
  readonly examples: RuleExamplesJson
}

/** Counts of the rows and issues of a delivery so far, or of a part of it. */
export class DeliveryCounts {
  read = 0
  passed = 0
  rejected = 0
  filtered = 0
  readonly columns = new ColumnCounts()
  readonly examples = new RuleExamples()
  readonly #issues = new Map<string, number>()

  /** Adds the counts of a part. */
  merge({ read, passed, rejected, filtered, issues, columns, examples }: CountsJson): void {
    this.read += read
    this.passed += passed
    this.rejected += rejected
    this.filtered += filtered
    for (const [code, times] of Object.entries(issues)) this.#count(code, times)
    this.columns.merge(columns)
    this.examples.merge(examples)
  }

  toJSON(): CountsJson {
    const { read, passed, rejected, filtered, issues, columns, examples } = this
    return { read, passed, rejected, filtered, issues, columns: columns.toJSON(), examples: examples.toJSON() }
  }

  add(batch: TableBatch): void {
    this.read += batch.length
    this.passed += batch.selection.size
    this.filtered += batch.filtered
    this.rejected += batch.length - batch.selection.size - batch.filtered
    this.columns.addNames(batch.names)
    this.examples.begin("next")
    for (const { row, issue } of batch.issues) {
      if (batch.dropped(row)) continue
      this.#countIssue(issue)
      this.examples.add(issue, () => batch.origin(row))
    }
  }

  /** Counts passing rows that the target refused. Their warnings were counted when they passed. */
  refuse(rejects: readonly Reject[]): void {
    this.passed -= rejects.length
    this.rejected += rejects.length
    this.examples.begin("any")
    for (const { issues, origin } of rejects) {
      for (const issue of issues) {
        if (issue.severity !== "error") continue
        this.#countIssue(issue)
        this.examples.add(issue, () => origin)
      }
    }
  }

  /** How often each issue code occurred, sorted by code. */
  get issues(): { readonly [code: string]: number } {
    return Object.fromEntries([...this.#issues].sort(([one], [other]) => (one < other ? -1 : 1)))
  }

  #countIssue(issue: Issue): void {
    this.#count(issue.code)
    if (issue.column !== undefined) this.columns.addIssue(issue.column, issue)
  }

  #count(code: string, times = 1): void {
    this.#issues.set(code, (this.#issues.get(code) ?? 0) + times)
  }
}
