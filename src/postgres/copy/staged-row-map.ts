import type { TableBatch } from "../../model/table-batch.ts"
import type { KeptBatches } from "../retain/kept-batches.ts"
import type { LineMap } from "./line-map.ts"

interface Section {
  /** The ordinal of the section's first row. */
  readonly first: number
  readonly lines: LineMap
  readonly from: number
}

/** The source of each row of a staging table, in the order in which the rows were added. */
export class StagedRowMap {
  readonly #kept: KeptBatches
  readonly #sections: Section[] = []
  #rows = 0

  constructor(kept: KeptBatches) {
    this.#kept = kept
  }

  get rows(): number {
    return this.#rows
  }

  /** Adds the lines of a map from `from` up to before `to`. */
  add(lines: LineMap, from: number, to: number): void {
    if (to <= from) return
    this.#sections.push({ first: this.#rows, lines, from })
    this.#rows += to - from
  }

  /** The source of a row, by its position from 0. */
  async rowAt(ordinal: number): Promise<{ readonly batch: TableBatch<unknown>; readonly row: number }> {
    const section = this.#sections.findLast(({ first }) => first <= ordinal)
    if (section === undefined || ordinal >= this.#rows) throw new Error(`there was no row ${ordinal}`)
    const { batch, row } = section.lines.rowAt(ordinal - section.first + section.from)
    return { batch: await this.#kept.get(batch), row }
  }
}
