import type { ColumnProfile } from "../../model/column-profile.ts"
import type { TableBatch } from "../../model/table-batch.ts"
import { ColumnProfiler } from "./column-profiler.ts"
import { RowSampler, type SampledRows } from "./sampled-rows.ts"

/** Further columns are not profiled. */
const mostColumns = 200
/** A longer name is no name that a reader of the ledger can use. */
const mostNameChars = 200

/** What is known about the columns of a delivery. */
export interface DeliveryProfilerOptions {
  /** Whether cells of the column must not be kept. */
  readonly hides: (column: string) => boolean
  /** Whether the column holds decimals as text. */
  readonly readsNumbers: (column: string) => boolean
}

/** Profiles the passing rows of a delivery, by a sample of them. Only nulls are counted in all rows. */
export class DeliveryProfiler {
  readonly #options: DeliveryProfilerOptions
  readonly #columns = new Map<string, ColumnProfiler>()
  readonly #sampler = new RowSampler()
  #rows = 0

  constructor(options: DeliveryProfilerOptions) {
    this.#options = options
  }

  add(batch: TableBatch): void {
    const { shape, selection, length } = batch
    const sample = this.#sampler.of(this.#rows, length)
    this.#rows += length
    const isWhole = selection.size === length
    const passing = isWhole ? sample : passingRows(sample, (row) => selection.has(row))
    shape.names.forEach((name, at) => {
      const column = shape.columns[at]
      const profiler = this.#profiler(name)
      if (column === undefined || profiler === undefined) return
      let nulls = column.nulls.count
      if (nulls > 0 && !isWhole) {
        nulls = 0
        for (const row of selection) if (column.nulls.has(row)) nulls++
      }
      profiler.count(selection.size, nulls)
      profiler.add(column, passing, this.#options.readsNumbers(name))
    })
  }

  /** The profiles. A column that turned out to be redacted late has counts only. */
  profiles(): ColumnProfile[] {
    return Array.from(this.#columns, ([name, profiler]) => {
      const profile = profiler.profile(name)
      if (!this.#options.hides(name)) return profile
      const { column, rows, nulls } = profile
      return { column, rows, nulls }
    })
  }

  /** The text or pattern of a key of a profile; undefined if it must not be shown or is not known. */
  textOf(column: string, key: number | string): string | undefined {
    return this.#options.hides(column) ? undefined : this.#columns.get(column)?.textOf(key)
  }

  #profiler(name: string): ColumnProfiler | undefined {
    const known = this.#columns.get(name)
    if (known !== undefined || this.#columns.size === mostColumns || name.length > mostNameChars) return known
    const profiler = new ColumnProfiler(this.#options.hides(name))
    this.#columns.set(name, profiler)
    return profiler
  }
}

function passingRows({ count, rows, weights }: SampledRows, passes: (row: number) => boolean): SampledRows {
  let left = 0
  for (let at = 0; at < count; at++) {
    if (!passes(rows[at] as number)) continue
    rows[left] = rows[at] as number
    weights[left] = weights[at] as number
    left++
  }
  return { count: left, rows, weights }
}
