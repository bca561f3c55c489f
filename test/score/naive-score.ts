import type { Rule } from "../../src/contract/rule.ts"
import { type Dimension, dimensions } from "../../src/model/dimension.ts"
import type { Weights } from "../../src/score/weights.ts"

/** A plain table of judgements: what each rule found in each row. */
export interface Judgements {
  readonly rules: readonly Rule[]
  readonly criticality: { readonly [column: string]: number }
  readonly weights: Weights
  /** For each row, the loss by each rule, 0 to 1. */
  readonly rows: readonly { readonly [rule: string]: number }[]
}

/** Scores by the formulas of the guide, cell by cell, without any state. */
export function naiveScore({ rules, criticality, weights, rows }: Judgements) {
  const counts = new Map(Object.entries(criticality))
  const assessed = dimensions.filter((dimension) => rows.length > 0 && cellsOf(rules, dimension).length > 0)
  const weight = (dimension: Dimension) => weights[dimension] / assessed.reduce((sum, other) => sum + weights[other], 0)
  const score = (dimension: Dimension, some: Judgements["rows"]) => {
    let lost = 0
    let all = 0
    for (const row of some)
      for (const cell of cellsOf(rules, dimension)) {
        const weighs = Math.max(...cell.map((column) => counts.get(column) ?? 1))
        all += weighs
        lost += weighs * lossOf(rules, dimension, cell, row)
      }
    return 100 * (1 - lost / all)
  }
  const overall = (some: Judgements["rows"]) => assessed.reduce((sum, dimension) => sum + weight(dimension) * score(dimension, some), 0)
  return {
    overall: overall(rows),
    dimensions: Object.fromEntries(assessed.map((dimension) => [dimension, score(dimension, rows)])),
    quality: rows.map((row) => overall([row])),
  }
}

/** The cells of a row that a dimension judges: columns by themselves, keys as one, and the row. */
function cellsOf(rules: readonly Rule[], dimension: Dimension): readonly (readonly string[])[] {
  const cells = rules.filter((rule) => rule.dimension === dimension).flatMap(cellsOfRule)
  return [...new Map(cells.map((cell) => [cell.join("+"), cell])).values()]
}

function cellsOfRule({ dimension, columns }: Rule): readonly (readonly string[])[] {
  if (columns.length === 0) return [[""]]
  return dimension === "uniqueness" ? [columns] : columns.map((column) => [column])
}

/** The largest loss of the cell by any rule. */
function lossOf(rules: readonly Rule[], dimension: Dimension, cell: readonly string[], row: { readonly [rule: string]: number }): number {
  const judges = rules.filter(
    (rule) => rule.dimension === dimension && cellsOfRule(rule).some((other) => other.join("+") === cell.join("+")),
  )
  return Math.max(0, ...judges.map(({ name }) => row[name] ?? 0))
}
