import type { Rule } from "../../src/contract/rule.ts"
import type { Issue } from "../../src/model/issue.ts"
import type { Scorecard } from "../../src/model/scorecard.ts"
import type { TableBatch } from "../../src/model/table-batch.ts"
import { createRuleset } from "../../src/score/ruleset.ts"
import type { ScoreOptions } from "../../src/score/score-options.ts"
import { scorecard } from "../../src/score/scorecard.ts"
import { Scorer } from "../../src/score/scorer.ts"
import { completeWeights } from "../../src/score/weights.ts"

export const asOf = new Date("2025-07-01")

/** The scorecard of one batch under rules and options. */
export function cardOf(
  rules: readonly Rule[],
  options: ScoreOptions<{ [column: string]: unknown }>,
  ...batches: readonly TableBatch[]
): Scorecard {
  const ruleset = createRuleset(rules, options)
  const weights = completeWeights(options.weights)
  const scorer = new Scorer(ruleset, weights, asOf)
  for (const batch of batches) scorer.add(batch)
  return scorecard(scorer.tally, ruleset, weights)
}

export function issue(rule: string, rest: Partial<Issue> = {}): Issue {
  return { code: "x", message: "x", rule, dimension: "validity", severity: "error", confidence: 1, ...rest }
}
