import { scorecard } from "../../score/scorecard.ts"
import { Tally } from "../../score/tally.ts"
import type { Definition } from "../build/definition.ts"
import { refusalOf } from "../run/refusal-of.ts"
import { type RunWeights, scoring } from "../run/scoring.ts"
import type { PartScore } from "./part-score.ts"

/** Why a delivery must not be loaded, as far as that is known before the target has seen its rows. */
export function refusalOfParts(definition: Definition, score: PartScore, weights: RunWeights, asOf: Date): string | undefined {
  const { ruleset, weights: complete } = scoring(definition, weights, asOf)
  return refusalOf(definition, scorecard(Tally.fromJSON(score.tally), ruleset, complete), score.counts)
}
