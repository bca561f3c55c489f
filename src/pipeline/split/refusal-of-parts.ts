import { scorecard } from "../../score/scorecard.ts"
import { Tally } from "../../score/tally.ts"
import type { Definition } from "../build/definition.ts"
import { DeliveryCounts } from "../run/delivery-counts.ts"
import type { FileAge } from "../run/outside-volume.ts"
import { refusalOf } from "../run/refusal-of.ts"
import { type RunWeights, scoring } from "../run/scoring.ts"
import type { PartScore } from "./part-score.ts"

/** Why a delivery must not be loaded, as far as that is known before the target has seen its rows. */
export function refusalOfParts(definition: Definition, score: PartScore, weights: RunWeights, age: FileAge): string | undefined {
  const { ruleset, weights: complete } = scoring(definition, weights, age.asOf)
  const counts = new DeliveryCounts()
  counts.merge(score.counts)
  return refusalOf(definition, scorecard(Tally.fromJSON(score.tally), ruleset, complete), counts, age)
}

/** Only files in S3 are split. Their sequence is the time of their last change in microseconds. */
export function fileAge({ sequence }: { readonly sequence?: number | undefined }, asOf: Date): FileAge {
  return { modifiedAt: sequence === undefined ? undefined : new Date(sequence / 1000), asOf }
}
