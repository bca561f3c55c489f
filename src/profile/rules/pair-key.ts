import type { ObservedColumn } from "./observed-column.ts"
import type { ObservedTable } from "./observed-table.ts"
import type { ProposedRule } from "./proposed-rule.ts"
import { ruleThresholds } from "./rule-thresholds.ts"

const { mostRepeats, mostRows, mostKeyParts, probedKeyRows, leastChanceRepeats } = ruleThresholds

interface KeyPart {
  readonly column: ObservedColumn
  readonly codes: readonly number[]
  readonly distinct: number
}

/**
 * The two columns that identify a row together, such as a shop and a day, for a table in which no single column does. Where several pairs do, it is the
 * one with the fewest combinations: the more often chance would have repeated a pair, the more it means that none was.
 */
export function pairKey(table: ObservedTable): ProposedRule | undefined {
  const parts = table.columns.flatMap((column) => partOf(column)).slice(0, mostKeyParts)
  const pairs = parts.flatMap((first, at) =>
    parts.slice(at + 1).map((second) => ({ first, second, combinations: first.distinct * second.distinct })),
  )
  const likely = pairs.filter(({ combinations }) => combinations >= table.rows * (1 - mostRepeats))
  for (const { first, second, combinations } of likely.sort((one, other) => one.combinations - other.combinations)) {
    const found = repeatsOf(first.codes, second.codes, table)
    if (found === undefined) continue
    const { rows } = found
    const isChance = (rows * rows) / (2 * combinations) < leastChanceRepeats
    const thin = isChance ? "so few rows of so many combinations may differ by chance" : undefined
    return { kind: "unique", columns: [first.column.name, second.column.name], ...found, thin }
  }
  return undefined
}

/** A column that may be a part of a key: it is always filled, and holds words, whole numbers or dates, of which some repeat. */
function partOf(column: ObservedColumn): readonly KeyPart[] {
  const { filled, codes, isKey } = column
  if (filled === 0 || codes === undefined || isKey) return []
  const distinct = new Set(codes).size
  return distinct > 1 ? [{ column, codes, distinct }] : []
}

/** The rows whose pair an earlier row has. Undefined if they are too many, which the first rows usually show. */
function repeatsOf(
  first: readonly number[],
  second: readonly number[],
  { rowNumbers }: ObservedTable,
): { readonly rows: number; readonly exceptions: number; readonly exceptionRows: readonly number[] } | undefined {
  const seen = new Map<number, Set<number>>()
  const exceptionRows: number[] = []
  let [rows, exceptions] = [0, 0]
  for (let row = 0; row < rowNumbers.length; row++) {
    const [one = Number.NaN, other = Number.NaN] = [first[row], second[row]]
    if (Number.isNaN(one) || Number.isNaN(other)) continue
    rows++
    const others = seen.get(one) ?? new Set()
    seen.set(one, others)
    if (others.has(other)) {
      if (exceptions++ < mostRows) exceptionRows.push(rowNumbers[row] ?? 0)
      if (exceptions > mostRepeats * Math.max(rows, probedKeyRows)) return undefined
    }
    others.add(other)
  }
  return exceptions > rows * mostRepeats ? undefined : { rows, exceptions, exceptionRows }
}
