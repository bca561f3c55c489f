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
  const ruleset = createRuleset(declareAll(stages).rules, score)
  const weights = completeWeights({ ...defined(given), ...defined(score.weights) })
  return { ruleset, weights, scorer: new Scorer(ruleset, weights, asOf) }
}
