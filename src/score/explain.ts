import type { Dimension } from "../model/dimension.ts"
import type { DeliveryReport } from "../model/run-report.ts"
import { checkArgument } from "../options/check-argument.ts"
import { kind } from "../options/option-kinds.ts"

/** Where a score lost its points. */
export interface Explanation {
  /** The lost points: 100 minus the overall score. Those of the dimensions, of the columns and of the rules add up to it. */
  readonly points: number
  /** The assessed dimensions, most points first. */
  readonly dimensions: readonly { readonly dimension: Dimension; readonly points: number }[]
  /** The columns, the columns of a key joined by `+`, or `(row)`; most points first. */
  readonly columns: readonly { readonly column: string; readonly points: number }[]
  /** The rules that lost points or rejected rows, in the order in which to look at them: most points first, then most rows. */
  readonly rules: readonly ExplainedRule[]
}

/** What a rule costs. */
export interface ExplainedRule {
  /** The name of the rule in the ruleset, or the code of an issue without a rule. */
  readonly rule: string
  /** The dimension that it belongs to. */
  readonly dimension: Dimension
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
    const { rejected = 0, rejectedAlone = 0, dimension = "validity" } = results.get(rule) ?? {}
    return {
      rule,
      dimension: byRule.get(rule)?.dimension ?? dimension,
      points: byRule.get(rule)?.points ?? 0,
      rejected,
      frees: rejectedAlone,
    }
  })
  return {
    points: score.lost.reduce((sum, { points }) => sum + points, 0),
    dimensions: mostFirst(Array.from(byDimension, ([dimension, points]) => ({ dimension, points }))),
    columns: mostFirst(Array.from(byColumn, ([column, points]) => ({ column, points }))),
    rules: rules.sort((one, other) => other.points - one.points || other.frees - one.frees || other.rejected - one.rejected),
  }
}

function mostFirst<E extends { readonly points: number }>(entries: readonly E[]): readonly E[] {
  return entries.toSorted((one, other) => other.points - one.points)
}
