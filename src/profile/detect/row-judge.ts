import type { ColumnValues } from "./column-values.ts"
import type { Dependency } from "./dependencies.ts"
import { detectThresholds as limits } from "./detect-thresholds.ts"
import { emptyCode } from "./row-sample.ts"
import type { Suspicion } from "./suspicion.ts"

interface Violation {
  readonly dependency: Dependency
  readonly weight: number
  readonly expected: number
}

/**
 * Judges the cells of a row by what other cells of the row determine. Where a dependency fails, either side may be wrong: the side is to blame of which
 * more dependencies fail in this row.
 */
export class RowJudge {
  readonly #dependencies: readonly Dependency[]
  readonly #judged: Float64Array
  readonly #failed: Float64Array

  constructor(dependencies: readonly Dependency[], columns: number) {
    this.#dependencies = dependencies
    this.#judged = new Float64Array(columns)
    this.#failed = new Float64Array(columns)
  }

  /** `codes` has the code of each column's cell in this row; -1 for a value that the sample does not have. */
  judge(codes: Int32Array, found: (column: ColumnValues, suspicion: Suspicion) => void): void {
    const [judged, failed] = [this.#judged, this.#failed]
    let violations: Violation[] | undefined
    for (const dependency of this.#dependencies) {
      const { from, to } = dependency
      const here = codes[from.at] as number
      if (here <= emptyCode) continue
      const expected = dependency.codes[here] as number
      if (expected < 0) continue
      if (violations === undefined) {
        judged.fill(0)
        failed.fill(0)
        violations = []
      }
      const cell = codes[to.at] as number
      judged[from.at] = (judged[from.at] as number) + dependency.weight
      judged[to.at] = (judged[to.at] as number) + dependency.weight
      if (cell === expected) continue
      failed[from.at] = (failed[from.at] as number) + dependency.weight
      failed[to.at] = (failed[to.at] as number) + dependency.weight
      violations.push({ dependency, weight: weightOf(dependency, here, cell), expected })
    }
    for (const violation of violations ?? []) this.#blame(violation, codes, found)
  }

  #blame(
    { dependency, weight, expected }: Violation,
    codes: Int32Array,
    found: (column: ColumnValues, suspicion: Suspicion) => void,
  ): void {
    const { from, to, reason } = dependency
    const value = JSON.stringify(to.values[expected])
    const isEmpty = codes[to.at] === emptyCode
    if (isEmpty || this.#badness(to.at) >= this.#badness(from.at) - 1e-9) {
      const message = `Most rows with the same ${JSON.stringify(from.name)} have ${value}.`
      found(to, { reason, weight, message, expected: to.values[expected] ?? "" })
    } else {
      const message = `The cell of ${JSON.stringify(to.name)} does not belong to this value: most rows with it have ${value}.`
      found(from, { reason, weight: weight * limits.determiningSide, message })
    }
  }

  /** The share of a cell's dependencies that fail in this row. */
  #badness(column: number): number {
    return (this.#failed[column] as number) / Math.max(1e-9, this.#judged[column] as number)
  }
}

/** Less if few rows make the majority, or other rows have the same deviating value. */
function weightOf({ to, codes, counts, sizes, weight }: Dependency, group: number, cell: number): number {
  const majority = counts[group] as number
  const others = (sizes[group] as number) - majority
  // At most this many rows of the group have the cell's value; how many is not kept for each pair of values.
  const same = cell <= emptyCode ? 1 : Math.max(1, Math.min(others, to.counts[cell] ?? 1))
  if (codes[group] === undefined) return 0
  return weight * Math.sqrt(Math.max(0, majority - Math.min(same, majority)) / (majority + Math.min(same, majority)))
}
