import type { Batch } from "../../model/batch.ts"
import { TableBatch } from "../../model/table-batch.ts"
import { footerRows } from "../footer-rows.ts"
import type { ProposedColumn } from "../proposal.ts"
import { ObservedColumn } from "./observed-column.ts"
import { ruleThresholds } from "./rule-thresholds.ts"

/** Rows that cannot be read as proposed, for one reason. */
export interface UnreadRows {
  readonly code: string
  readonly column: string | undefined
  /** The first issue's message. */
  readonly message: string
  count: number
  readonly rows: number[]
}

/** All rows of a table, read with the normalizers of a proposal. Rules are proposed from it. */
export class ObservedTable {
  readonly columns: readonly ObservedColumn[]
  /** The numbers of the rows in their file. */
  readonly rowNumbers: number[] = []
  /** Rows that are rejected whatever the rules are. */
  rejected = 0
  /** Totals and notes below the table, by their numbers in the file. They are no rows of the table, and nothing is observed in them. */
  readonly footer: number[] = []
  readonly #unread = new Map<string, UnreadRows>()

  constructor(columns: readonly Pick<ProposedColumn, "name" | "kind">[]) {
    this.columns = columns.map(({ name, kind }, at) => new ObservedColumn(name, kind, at < ruleThresholds.mostKeyPlaces))
  }

  get rows(): number {
    return this.rowNumbers.length
  }

  /** The reasons of the rejected rows. */
  get unread(): readonly UnreadRows[] {
    return [...this.#unread.values()]
  }

  add(given: Batch<unknown>): void {
    const all = TableBatch.from(given)
    const footer = footerRows(all)
    for (const row of footer) this.footer.push(all.origin(row).row)
    const batch = footer.size === 0 ? all : all.take(Array.from({ length: all.length }, (_, row) => row).filter((row) => !footer.has(row)))
    const failed = new Map<string, Set<number>>()
    const lost = new Set<number>()
    for (const { row, issue } of batch.issues) {
      if (issue.severity !== "error") continue
      if (issue.column === undefined) lost.add(row)
      else failed.set(issue.column, (failed.get(issue.column) ?? new Set()).add(row))
      this.#note(issue, batch.origin(row).row)
    }
    for (let row = 0; row < batch.length; row++) {
      this.rowNumbers.push(batch.origin(row).row)
      if (!batch.selection.has(row)) this.rejected++
    }
    for (const observed of this.columns) {
      const column = batch.column(observed.name)
      if (column === undefined) continue
      const own = failed.get(observed.name)
      observed.add(batch, column, (row) => !lost.has(row) && own?.has(row) !== true)
    }
  }

  #note(
    { code, column, message }: { readonly code: string; readonly column?: string | undefined; readonly message: string },
    row: number,
  ): void {
    const key = `${code} ${column}`
    const known = this.#unread.get(key) ?? { code, column, message, count: 0, rows: [] }
    this.#unread.set(key, known)
    if (++known.count <= ruleThresholds.mostRows) known.rows.push(row)
  }
}
