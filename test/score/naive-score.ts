import type { Rule } from "../../src/contract/rule.ts"
import { type Dimension, dimensions } from "../../src/model/dimension.ts"
import type { Weights } from "../../src/score/weights.ts"

/** What a rule found in a row: the loss, 0 to 1, and the column that it blames, if it blames one. */
export interface Judgement {
  readonly rule: string
  readonly loss: number
  readonly blames: string | undefined
}

/** A plain table of judgements: what the rules found in each row. */
export interface Judgements {
  readonly rules: readonly Rule[]
  readonly criticality: { readonly [column: string]: number }
  readonly weights: Weights
  readonly rows: readonly (readonly Judgement[])[]
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

/** The largest loss of the cell by any rule. A cell that is missing has no value that could be invalid or inaccurate. */
function lossOf(rules: readonly Rule[], dimension: Dimension, cell: readonly string[], row: readonly Judgement[]): number {
  const [column] = cell
  const ofValue = dimension === "validity" || dimension === "accuracy"
  if (ofValue && column !== "" && largest(rules, "completeness", cell, row) === 1) return 0
  return largest(rules, dimension, cell, row)
}

function largest(rules: readonly Rule[], dimension: Dimension, cell: readonly string[], row: readonly Judgement[]): number {
  const losses = row.flatMap(({ rule: name, loss, blames }) => {
    const rule = rules.find((each) => each.name === name)
    if (rule?.dimension !== dimension) return []
    return blamedCells(rule, blames).some((other) => other.join("+") === cell.join("+")) ? [loss] : []
  })
  return Math.max(0, ...losses)
}

/** A finding that blames one column costs one cell: that of the column, or else the first of the rule. */
function blamedCells(rule: Rule, blames: string | undefined): readonly (readonly string[])[] {
  const cells = cellsOfRule(rule)
  if (blames === undefined) return cells
  return [cells.find((cell) => cell.length === 1 && cell[0] === blames) ?? cells[0] ?? []]
}
