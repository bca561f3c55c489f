import { type Dimension, dimensions } from "../model/dimension.ts"
import type { DimensionScore, LostPoints, Scorecard } from "../model/scorecard.ts"
import { judgedColumns, type Ruleset, rowColumn, rulesetHash } from "./ruleset.ts"
import { microUnits, type Tally } from "./tally.ts"
import type { Weights } from "./weights.ts"

/**
 * The scorecard of a tally. A dimension scores 100 (1 - sum c_j L_j / sum c_j N_j), where c_j is how much column j counts, L_j what it lost, and N_j
 * how often it was judged. The overall score is the weighted mean of the assessed dimensions. Equal tallies give bit-identical scorecards.
 */
export function scorecard(tally: Tally, ruleset: Ruleset, weights: Weights): Scorecard {
  const judged = judgedColumns(ruleset)
  const allWeights = sum(dimensions.map((dimension) => weights[dimension]))
  const assessed = tally.rows === 0 ? [] : dimensions.filter((dimension) => judged.has(dimension))
  const assessedWeight = sum(assessed.map((dimension) => weights[dimension]))
  const scores: { [D in Dimension]?: DimensionScore } = {}
  const lost: LostPoints[] = []
  for (const dimension of assessed) {
    const columns = judged.get(dimension) ?? new Map<string, number>()
    const cells = sum([...columns.values()].map((weight) => weight * tally.rows))
    const share = assessedWeight === 0 ? 0 : weights[dimension] / assessedWeight
    let weighted = 0
    let plain = 0
    for (const loss of tally.losses()) {
      if (loss.dimension !== dimension) continue
      const weight = columns.get(loss.column) ?? 1
      weighted += weight * loss.lost
      plain += loss.lost
      const points = (share * 100 * weight * loss.lost) / microUnits / cells
      if (points > 0)
        lost.push({ rule: loss.rule, dimension, column: loss.column === rowColumn ? "(row)" : loss.column, points, rows: loss.rows })
    }
    scores[dimension] = {
      score: Math.max(0, 100 * (1 - weighted / microUnits / cells)),
      weight: allWeights === 0 ? 0 : weights[dimension] / allWeights,
      judged: columns.size * tally.rows,
      lost: plain / microUnits,
    }
  }
  lost.sort((one, other) => other.points - one.points || inOrder(one.rule, other.rule) || inOrder(one.column, other.column))
  return {
    // 100 minus the lost points is the mean of the dimensions, and exactly 100 if nothing was lost: a minimum may be 100.
    overall: assessedWeight === 0 ? null : Math.max(0, 100 - sum(lost.map(({ points }) => points))),
    coverage: allWeights === 0 ? 0 : (100 * assessedWeight) / allWeights,
    provisional: ruleset.provisional,
    dimensions: scores,
    lost,
    ruleset: { hash: rulesetHash(ruleset) },
  }
}

function inOrder(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
