import type { ColumnValues } from "./column-values.ts"
import { type Dependency, type Determinant, dependencyOfPair, groupsOf, mayDetermine } from "./dependencies.ts"
import { detectThresholds as limits } from "./detect-thresholds.ts"
import { emptyCode } from "./text-codes.ts"

/** Two columns that determine another together, such as a state and a rank. */
export interface ColumnPair extends Determinant {
  readonly first: ColumnValues
  readonly second: ColumnValues
  /** The code of the pair in a row with these codes of its columns; -1 if the sample does not have it, 0 if a cell is empty. */
  codeOf(first: number, second: number): number
}

/** Finds the pairs of columns that determine others which no single column determines as well. Their positions follow those of the columns. */
export function pairsOf(
  columns: readonly ColumnValues[],
  single: readonly Dependency[],
): { readonly pairs: readonly ColumnPair[]; readonly dependencies: readonly Dependency[] } {
  const parts = columns
    .filter((column) => column.distinct <= limits.mostPairValues && mayDetermine(column))
    .sort((one, other) => one.distinct - other.distinct || one.at - other.at)
    .slice(0, limits.mostPairParts)
  // What a column determines firmly needs no pair.
  const open = columns.filter((to) => !single.some((each) => each.to === to && each.lift >= limits.clearLift))
  const lifts = new Map(columns.map((to) => [to, Math.max(0, ...single.filter((each) => each.to === to).map(({ lift }) => lift))]))
  const pairs: ColumnPair[] = []
  const dependencies: Dependency[] = []
  for (const [at, first] of parts.entries())
    for (const second of parts.slice(at + 1)) {
      const targets = open.filter((to) => to !== first && to !== second)
      if (targets.length === 0) continue
      const pair = pairOf(first, second, columns.length + pairs.length)
      const groups = groupsOf(pair)
      const found = targets.flatMap((to) => dependencyOfPair(pair, to, groups, lifts.get(to) ?? 0) ?? [])
      if (found.length === 0) continue
      pairs.push(pair)
      dependencies.push(...found)
    }
  return { pairs, dependencies }
}

function pairOf(first: ColumnValues, second: ColumnValues, at: number): ColumnPair {
  const width = second.values.length
  const known = new Int32Array(first.values.length * width).fill(-1)
  const rows = first.codes.length
  const codes = new Int32Array(rows)
  const values = [""]
  for (let row = 0; row < rows; row++) {
    const [one, other] = [first.codes[row] as number, second.codes[row] as number]
    if (one === emptyCode || other === emptyCode) continue
    const place = one * width + other
    if (known[place] === -1) {
      known[place] = values.length
      values.push(`${first.values[one]} and ${second.values[other]}`)
    }
    codes[row] = known[place] as number
  }
  const counts = new Int32Array(values.length)
  for (const code of codes) counts[code] = (counts[code] as number) + 1
  const codeOf = (one: number, other: number) => {
    if (one === emptyCode || other === emptyCode) return emptyCode
    return one < 0 || other < 0 ? -1 : (known[one * width + other] as number)
  }
  return { name: `${first.name} and ${second.name}`, at, values, codes, counts, first, second, codeOf }
}
