import type { ColumnPair } from "./column-pairs.ts"
import { ColumnValues } from "./column-values.ts"
import type { Dependency, Determinant } from "./dependencies.ts"
import { detectThresholds as limits } from "./detect-thresholds.ts"
import { ramp, type Suspicion } from "./suspicion.ts"
import { emptyCode } from "./text-codes.ts"

/** Whether a dependency can be judged in a row, and holds. */
const [silent, kept, failed] = [0, 1, 2]

type Note = (column: ColumnValues, suspicion: Suspicion) => void

/**
 * Judges the cells of a row by what other cells of the row determine. Where a dependency fails, either side may be wrong: the side is to blame of which
 * more other dependencies fail in this row.
 */
export class RowJudge {
  readonly #dependencies: readonly Dependency[]
  /** The positions of the dependencies of each column. */
  readonly #ofColumn: readonly (readonly number[])[]
  /** The positions of the columns that determine, for each dependency. */
  readonly #sources: readonly (readonly number[])[]
  readonly #states: Uint8Array
  readonly #pairs: readonly ColumnPair[]
  /** How many codes a row has: those of its columns, and behind them those of pairs. */
  readonly places: number

  constructor(dependencies: readonly Dependency[], columns: number, pairs: readonly ColumnPair[]) {
    this.#dependencies = dependencies
    this.#pairs = pairs
    this.places = columns + pairs.length
    const partsOf = new Map(pairs.map(({ at, first, second }) => [at, [first.at, second.at]]))
    this.#sources = dependencies.map(({ from }) => partsOf.get(from.at) ?? [from.at])
    const ofColumn: number[][] = Array.from({ length: columns }, () => [])
    for (const [position, { to }] of dependencies.entries())
      for (const at of [to.at, ...(this.#sources[position] ?? [])]) ofColumn[at]?.push(position)
    this.#ofColumn = ofColumn
    this.#states = new Uint8Array(dependencies.length)
  }

  /** `codes` has the code of each column's cell in this row; -1 for a value that the sample does not have. It has room for the codes of pairs. */
  judge(codes: Int32Array, note: Note): void {
    for (const { at, first, second, codeOf } of this.#pairs) codes[at] = codeOf(codes[first.at] as number, codes[second.at] as number)
    let hasFailed = false
    for (const [at, { from, to, codes: expected }] of this.#dependencies.entries()) {
      const here = codes[from.at] as number
      const wanted = here <= emptyCode ? -1 : (expected[here] as number)
      const state = wanted < 0 ? silent : codes[to.at] === wanted ? kept : failed
      this.#states[at] = state
      if (state === failed) hasFailed = true
    }
    if (!hasFailed) return
    for (const [at, dependency] of this.#dependencies.entries())
      if (this.#states[at] === failed) this.#blame(dependency, this.#sources[at] ?? [], codes, note)
  }

  #blame(dependency: Dependency, sources: readonly number[], codes: Int32Array, note: Note): void {
    const { from, to, reason } = dependency
    const here = codes[from.at] as number
    const expected = to.values[dependency.codes[here] as number] ?? ""
    const cell = codes[to.at] as number
    const sides = sources.map((at) => [this.#badness(at, to.at, codes), this.#badness(to.at, at, codes)] as const)
    const isTarget = sides.every(([source, target]) => target >= source)
    // If all other columns agree with both cells, two things may have the same name.
    const namesake = ramp(Math.max(...sides.flat()), limits.namesakeBadness / 2, limits.namesakeBadness)
    const weight = weightOf(dependency, here, cell) * (limits.namesake + (1 - limits.namesake) * namesake)
    if (cell === emptyCode || isTarget) {
      const message = `Most rows with the same ${JSON.stringify(from.name)} have ${JSON.stringify(expected)}.`
      note(to, { reason, weight, message, expected })
    } else if (reason === "dependency" && isColumn(from) && !this.#isConfirmed(from.at, to.at)) {
      const message = `The cell of ${JSON.stringify(to.name)} does not belong to this value: most rows with it have ${JSON.stringify(expected)}.`
      note(from, { reason, weight: weight * limits.determiningSide, message })
    }
  }

  /** Whether most columns that determine this one agree with its cell. What it determines itself may fail still: two towns may have one name. */
  #isConfirmed(column: number, other: number): boolean {
    let [agreeing, all] = [0, 0]
    for (const at of this.#ofColumn[column] ?? []) {
      const { to, weight } = this.#dependencies[at] as Dependency
      if (to.at !== column || this.#states[at] === silent || this.#sources[at]?.includes(other) === true) continue
      all += weight
      if (this.#states[at] === kept) agreeing += weight
    }
    return agreeing > all / 2
  }

  /** The share of a column's dependencies that fail in this row, those with another column left out; one half if there are no others. */
  #badness(column: number, other: number, codes: Int32Array): number {
    let [judged, bad] = [limits.unknownBadness, limits.unknownBadness / 2]
    for (const at of this.#ofColumn[column] ?? []) {
      const { to, weight } = this.#dependencies[at] as Dependency
      if (this.#states[at] === silent || to.at === other || this.#sources[at]?.includes(other) === true) continue
      // An empty cell contradicts nothing.
      if (to.at !== column && codes[to.at] === emptyCode) continue
      judged += weight
      if (this.#states[at] === failed) bad += weight
    }
    return bad / judged
  }
}

/** Of a pair, nothing says which of its cells is wrong. */
function isColumn(from: Determinant): from is ColumnValues {
  return from instanceof ColumnValues
}

/** Less if few rows make the majority, or other rows may have the same deviating value. */
function weightOf({ to, counts, sizes, weight }: Dependency, group: number, cell: number): number {
  const majority = counts[group] as number
  const others = (sizes[group] as number) - majority
  // At most this many rows of the group have the cell's value; how many is not kept for each pair of values.
  const same = cell <= emptyCode ? 1 : Math.max(1, Math.min(others, to.counts[cell] ?? 1, majority))
  return weight * Math.sqrt((majority - same) / (majority + same))
}
