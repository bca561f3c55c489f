import type { Row } from "../../model/cell-value.ts"
import type { TableBatch } from "../../model/table-batch.ts"
import { linesOf, longestFooter, SuspectRows } from "./suspect-rows.ts"

/** Marks the suspect rows of batches, of which one whose last row may begin a footer waits for the next. */
export class FooterHold {
  readonly #suspects: SuspectRows
  #held: TableBatch<Row> | undefined
  #passed = 0

  /** `drop`: whether to filter out the footer. */
  constructor(drop: boolean) {
    this.#suspects = new SuspectRows(drop)
  }

  /** Takes the next batch and returns those that are ready. The last one may be empty; it is returned only if it is the first, too. */
  pass(batch: TableBatch<Row>, isLast: boolean): TableBatch<Row>[] {
    const ready: TableBatch<Row>[] = []
    if (this.#held !== undefined) {
      const below = isLast && batch.length <= longestFooter ? linesOf(batch, 0, undefined) : []
      this.#suspects.mark(this.#held, isLast && batch.length === 0, below)
      ready.push(this.#held)
      this.#held = undefined
    }
    if (isLast && batch.length === 0 && this.#passed > 0) return ready
    this.#passed++
    if (!isLast && this.#suspects.mayContinue(batch)) this.#held = batch
    else {
      this.#suspects.mark(batch, isLast)
      ready.push(batch)
    }
    return ready
  }
}
