import type { Rule } from "../contract/rule.ts"
import { type Dimension, dimensions } from "../model/dimension.ts"
import type { ColumnQuality, DimensionScore, LostPoints, RuleResult, Scorecard, WorstRow } from "../model/scorecard.ts"
import { criticalityOf, judgedColumns, type Ruleset, rowColumn, rulesetHash } from "./ruleset.ts"
import { microUnits, type Tally } from "./tally.ts"
import type { Weights } from "./weights.ts"
import type { SpoiltRow } from "./worst-rows.ts"

/**
 * The scorecard of a tally. A dimension scores 100 (1 - sum c_j L_j / sum c_j N_j), where c_j is how much column j counts, L_j what it lost, and N_j
 * how often it was judged. The overall score is the weighted mean of the assessed dimensions. Equal tallies give bit-identical scorecards.
 */
export function scorecard(tally: Tally, ruleset: Ruleset, weights: Weights): Scorecard {
  const judged = judgedCells(tally, ruleset)
  const allWeights = sum(dimensions.map((dimension) => weights[dimension]))
  const assessed = dimensions.filter((dimension) => judged.has(dimension))
  const assessedWeight = sum(assessed.map((dimension) => weights[dimension]))
  const scores: { [D in Dimension]?: DimensionScore } = {}
  const lost: LostPoints[] = []
  /** The points that a lost cell of each dimension costs, if its column counts once. */
  const prices = new Map<Dimension, number>()
  for (const dimension of assessed) {
    const columns = judged.get(dimension) ?? new Map<string, JudgedColumn>()
    const cells = sum([...columns.values()].map(({ counts, rows }) => counts * rows))
    const share = assessedWeight === 0 ? 0 : weights[dimension] / assessedWeight
    prices.set(dimension, (share * 100) / cells)
    let weighted = 0
    let plain = 0
    for (const loss of tally.losses()) {
      if (loss.dimension !== dimension) continue
      const weight = columns.get(loss.column)?.counts ?? 1
      weighted += weight * loss.lost
      plain += loss.lost
      const points = (share * 100 * weight * loss.lost) / microUnits / cells
      if (points > 0)
        lost.push({ rule: loss.rule, dimension, column: loss.column === rowColumn ? "(row)" : loss.column, points, rows: loss.rows })
    }
    scores[dimension] = {
      score: Math.max(0, 100 * (1 - weighted / microUnits / cells)),
      weight: allWeights === 0 ? 0 : weights[dimension] / allWeights,
      judged: sum([...columns.values()].map(({ rows }) => rows)),
      lost: plain / microUnits,
    }
  }
  lost.sort((one, other) => other.points - one.points || inOrder(one.rule, other.rule) || inOrder(one.column, other.column))
  return {
    // 100 minus the lost points is the mean of the dimensions, and exactly 100 if nothing was lost: a minimum may be 100.
    overall: assessedWeight === 0 ? null : Math.max(0, 100 - sum(lost.map(({ points }) => points))),
    coverage: allWeights === 0 ? 0 : coverageOf(judged, ruleset, weights) / allWeights,
    rowsPassed: tally.rows === 0 ? null : (100 * tally.passed) / tally.rows,
    provisional: ruleset.provisional,
    dimensions: scores,
    lost,
    rules: ruleset.rules.map((rule) => resultOf(rule, tally)),
    columns: columnQualities(ruleset.columns, judged, tally, weights),
    worstRows: tally.worst.toJSON().map((row) =>
      worstRow(row, (dimension, column) => {
        return (prices.get(dimension) ?? 0) * (judged.get(dimension)?.get(column)?.counts ?? 1)
      }),
    ),
    weights: shares(weights, allWeights),
    ruleset: { hash: rulesetHash(ruleset) },
  }
}

/** How much a recorded column counts, and in how many rows it was judged. */
interface JudgedColumn {
  readonly counts: number
  readonly rows: number
}

type JudgedCells = ReadonlyMap<Dimension, ReadonlyMap<string, JudgedColumn>>

/** The recorded columns of each dimension that were judged in some row: the denominator of the score. */
function judgedCells(tally: Tally, ruleset: Ruleset): JudgedCells {
  const judged = new Map<Dimension, ReadonlyMap<string, JudgedColumn>>()
  for (const [dimension, columns] of judgedColumns(ruleset)) {
    const cells = [...columns].map(
      ([column, counts]) => [column, { counts, rows: tally.rows - tally.unjudged(dimension, column) }] as const,
    )
    const some = cells.filter(([, { rows }]) => rows > 0)
    if (some.length > 0) judged.set(dimension, new Map(some))
  }
  return judged
}

/** A key and the date of an event are one fact of a row, and no dimension judges more of them. */
const wholeRow: ReadonlySet<Dimension> = new Set(["uniqueness", "timeliness"])

/** The weight of each assessed dimension, times the share of the declared columns that it judges, in percent. */
function coverageOf(judged: JudgedCells, ruleset: Ruleset, weights: Weights): number {
  const counts = new Map(ruleset.columns.map((column) => [column, criticalityOf(ruleset, column)]))
  const all = sum([...counts.values()])
  const parts = [...judged].map(([dimension, columns]) => {
    if (wholeRow.has(dimension)) return 100 * weights[dimension]
    return all === 0 ? 0 : (100 * weights[dimension] * sum([...columns.keys()].map((column) => counts.get(column) ?? 0))) / all
  })
  return sum(parts)
}

function worstRow({ row, address, quality, losses }: SpoiltRow, priceOf: (dimension: Dimension, column: string) => number): WorstRow {
  const priced = losses.map(({ dimension, rule, column, lost }) => ({ rule, points: (priceOf(dimension, column) * lost) / microUnits }))
  const rules = priced.toSorted((one, other) => other.points - one.points).map(({ rule }) => rule)
  const points = sum(priced.map(({ points }) => points))
  return { row, ...(address === undefined ? {} : { address }), quality, points, rules: [...new Set(rules)] }
}

function resultOf({ name, dimension, columns, mostly }: Rule, tally: Tally): RuleResult {
  const { unjudged, failed, suspected, rejected, alone } = tally.rule(name)
  const judged = tally.rows - unjudged
  return {
    rule: name,
    dimension,
    columns,
    severity: rejected > 0 ? "error" : failed > 0 ? "warning" : suspected > 0 ? "suspected" : null,
    judged,
    passed: judged - failed - suspected,
    failed,
    suspected,
    rejected,
    rejectedAlone: alone,
    ...(mostly === undefined ? {} : { mostly }),
  }
}

function columnQualities(names: readonly string[], judged: JudgedCells, tally: Tally, weights: Weights): readonly ColumnQuality[] {
  const lost = new Map<string, number>()
  for (const loss of tally.losses()) {
    const cell = `${loss.dimension}\0${loss.column}`
    lost.set(cell, (lost.get(cell) ?? 0) + loss.lost)
  }
  return names.map((column) => {
    let score = 0
    let weight = 0
    for (const [dimension, columns] of judged) {
      const rows = columns.get(column)?.rows ?? 0
      if (rows === 0 || weights[dimension] === 0) continue
      score += weights[dimension] * 100 * (1 - (lost.get(`${dimension}\0${column}`) ?? 0) / microUnits / rows)
      weight += weights[dimension]
    }
    const { rows, filled, distinct } = tally.column(column)
    return {
      column,
      score: weight === 0 ? null : Math.max(0, score / weight),
      fill: rows === 0 ? null : (100 * filled) / rows,
      distinct: rows === 0 ? null : distinct,
    }
  })
}

function shares(weights: Weights, all: number): Scorecard["weights"] {
  const { completeness, accuracy, consistency, timeliness, uniqueness, validity } = weights
  const share = (weight: number) => (all === 0 ? 0 : weight / all)
  return {
    completeness: share(completeness),
    accuracy: share(accuracy),
    consistency: share(consistency),
    timeliness: share(timeliness),
    uniqueness: share(uniqueness),
    validity: share(validity),
  }
}

function inOrder(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
