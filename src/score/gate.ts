import { type Dimension, dimensions } from "../model/dimension.ts"
import type { Scorecard } from "../model/scorecard.ts"

/** The least overall score, coverage and score of each dimension, 0 to 100. */
export type Minimum = { readonly [D in Dimension | "overall" | "coverage"]?: number | undefined }

/** Why a delivery does not pass: a clause for each gate that fails. */
export function failedGates(card: Scorecard, minimum: Minimum): readonly string[] {
  const gates: readonly (Dimension | "overall" | "coverage")[] = ["overall", "coverage", ...dimensions]
  return gates.flatMap((gate) => {
    const least = minimum[gate]
    if (least === undefined) return []
    const score = gate === "overall" ? card.overall : gate === "coverage" ? card.coverage : (card.dimensions[gate]?.score ?? null)
    if (score === null) return [`${gate} was not assessed, and has to be at least ${least}`]
    return score < least ? [`${gate} is ${score.toFixed(2)}, and has to be at least ${least}`] : []
  })
}
