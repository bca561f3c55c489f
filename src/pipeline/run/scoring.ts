import { declarationOf, normalizes } from "../../contract/rule.ts"
import { defined } from "../../options/defined.ts"
import { createRuleset, type Ruleset } from "../../score/ruleset.ts"
import type { ScoreOptions } from "../../score/score-options.ts"
import { Scorer } from "../../score/scorer.ts"
import { completeWeights, type Weights } from "../../score/weights.ts"
import { declareAll } from "../build/compose.ts"
import type { Definition } from "../build/definition.ts"

/** Weights that a run brings, for dimensions that the definition gives none. */
export type RunWeights = ScoreOptions<never>["weights"]

/** What the score of a delivery needs. */
export interface Scoring {
  readonly ruleset: Ruleset
  readonly weights: Weights
  readonly scorer: Scorer
}

/** The scoring of a definition. Its own weights override those of the run. */
export function scoring({ stages, score }: Definition, given: RunWeights, asOf: Date): Scoring {
  const ruleset = rulesetOf(stages, score)
  const weights = completeWeights({ ...defined(given), ...defined(score.weights) })
  return { ruleset, weights, scorer: new Scorer(ruleset, weights, asOf) }
}

/** The ruleset of stages. A constant or computed column is not one of the file, so it is not missing from what was judged. */
function rulesetOf(stages: Definition["stages"], score: Definition["score"]): Ruleset {
  const reading = stages.filter((stage) => normalizes(stage) || declarationOf(stage)?.properties !== undefined)
  const columns = declareAll(reading).columns([]) ?? []
  return createRuleset(
    declareAll(stages).rules,
    score,
    columns.map(({ name }) => name),
  )
}
