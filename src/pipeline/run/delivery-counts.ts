import type { Reject } from "../../model/reject.ts"
import type { TableBatch } from "../../model/table-batch.ts"

/** Counts of the rows and issues of a delivery so far. */
export class DeliveryCounts {
  read = 0
  passed = 0
  rejected = 0
  filtered = 0
  readonly #issues = new Map<string, number>()

  add(batch: TableBatch): void {
    this.read += batch.length
    this.passed += batch.selection.size
    this.filtered += batch.filtered
    this.rejected += batch.length - batch.selection.size - batch.filtered
    for (const { row, issue } of batch.issues) if (!batch.dropped(row)) this.#count(issue.code)
  }

  /** Counts passing rows that the target refused. */
  refuse(rejects: readonly Reject[]): void {
    this.passed -= rejects.length
    this.rejected += rejects.length
    for (const { issues } of rejects) for (const issue of issues) this.#count(issue.code)
  }

  /** How often each issue code occurred, sorted by code. */
  get issues(): { readonly [code: string]: number } {
    return Object.fromEntries([...this.#issues].sort(([one], [other]) => (one < other ? -1 : 1)))
  }

  #count(code: string): void {
    this.#issues.set(code, (this.#issues.get(code) ?? 0) + 1)
  }
}
