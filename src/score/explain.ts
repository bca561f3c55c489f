import type { Dimension } from "../model/dimension.ts"
import type { DeliveryReport } from "../model/run-report.ts"
import type { RuleResult, WorstRow } from "../model/scorecard.ts"
import { checkArgument } from "../options/check-argument.ts"
import { kind } from "../options/option-kinds.ts"

/** Where a score lost its points. */
export interface Explanation {
  /** The lost points: 100 minus the overall score. Those of the dimensions, of the columns, of the rules and of the rows add up to it. */
  readonly points: number
  /** The assessed dimensions, most points first. */
  readonly dimensions: readonly { readonly dimension: Dimension; readonly points: number }[]
  /** The columns, the columns of a key joined by `+`, or `(row)`; most points first. */
  readonly columns: readonly { readonly column: string; readonly points: number }[]
  /** The rules that lost points or rejected rows, in the order in which to look at them: most points first, then most rows. */
  readonly rules: readonly ExplainedRule[]
  /** The ten rows with the lowest quality, the worst first, and the points that all other rows lost together. */
  readonly rows: { readonly worst: readonly WorstRow[]; readonly others: number }
}

/** What a rule costs. */
export interface ExplainedRule {
  /** The name of the rule in the ruleset, or the code of an issue without a rule. */
  readonly rule: string
  /** The dimension that it belongs to. */
  readonly dimension: Dimension
  /** The gravest that it found, as in `rules` of the scorecard; null for the code of an issue. */
  readonly severity: RuleResult["severity"]
  /** The points that the score regains if nothing breaks the rule, unless another rule then costs the same cells. */
  readonly points: number
  /** The rows that the rule rejected. */
  readonly rejected: number
  /** The rows that would pass without the rule. */
  readonly frees: number
}

/** Explains the score of a delivery: which dimensions, columns and rules cost how much, and which rule to look at first. Undefined if it has no score. */
export function explain(delivery: Pick<DeliveryReport, "score">): Explanation | undefined {
  checkArgument(
    "explain()",
    delivery,
    kind("a delivery of a report", (value) => typeof value === "object" && value !== null),
  )
  const { score } = delivery
  if (score === undefined) return undefined
  const byDimension = new Map<Dimension, number>()
  const byColumn = new Map<string, number>()
  const byRule = new Map<string, { readonly dimension: Dimension; points: number }>()
  for (const { rule, dimension, column, points } of score.lost) {
    byDimension.set(dimension, (byDimension.get(dimension) ?? 0) + points)
    byColumn.set(column, (byColumn.get(column) ?? 0) + points)
    const known = byRule.get(rule)
    if (known === undefined) byRule.set(rule, { dimension, points })
    else known.points += points
  }
  const results = new Map(score.rules.map((result) => [result.rule, result]))
  const names = new Set([...byRule.keys(), ...score.rules.flatMap(({ rule, rejected }) => (rejected > 0 ? [rule] : []))])
  const rules = Array.from(names, (rule): ExplainedRule => {
    const { rejected = 0, rejectedAlone = 0, dimension = "validity", severity = null } = results.get(rule) ?? {}
    return {
      rule,
      dimension: byRule.get(rule)?.dimension ?? dimension,
      severity,
      points: byRule.get(rule)?.points ?? 0,
      rejected,
      frees: rejectedAlone,
    }
  })
  const points = total(score.lost)
  return {
    points,
    dimensions: mostFirst(Array.from(byDimension, ([dimension, points]) => ({ dimension, points }))),
    columns: mostFirst(Array.from(byColumn, ([column, points]) => ({ column, points }))),
    rules: rules.sort((one, other) => other.points - one.points || other.frees - one.frees || other.rejected - one.rejected),
    // If the worst rows are all that lost points, rounding must not leave them less than nothing.
    rows: { worst: score.worstRows, others: Math.max(0, points - total(score.worstRows)) },
  }
}

function total(entries: readonly { readonly points: number }[]): number {
  return entries.reduce((sum, { points }) => sum + points, 0)
}

function mostFirst<E extends { readonly points: number }>(entries: readonly E[]): readonly E[] {
  return entries.toSorted((one, other) => other.points - one.points)
}
