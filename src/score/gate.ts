import { type Dimension, dimensions } from "../model/dimension.ts"
import type { Scorecard } from "../model/scorecard.ts"

/** What a gate can be set on. */
export type Gate = Dimension | "overall" | "coverage" | "rowsPassed"

/** All gates, in the order in which they are checked. */
export const gates: readonly Gate[] = ["overall", "coverage", "rowsPassed", ...dimensions]

/** The least overall score, coverage, share of rows and score of each dimension, 0 to 100. */
export type Minimum = { readonly [G in Gate]?: number | undefined }

/** Why a delivery does not pass: a clause for each gate that fails. */
export function failedGates(card: Scorecard, minimum: Minimum): readonly string[] {
  return [...belowMinimum(card, minimum), ...brokenTolerances(card)]
}

/** A clause for each rule that fewer rows pass than it requires. */
function brokenTolerances({ rules }: Scorecard): readonly string[] {
  return rules.flatMap(({ rule, judged, passed, mostly }) => {
    if (mostly === undefined || judged === 0 || passed >= mostly * judged) return []
    return [`${rule} passes in ${((100 * passed) / judged).toFixed(2)} % of its rows, and has to in at least ${100 * mostly} %`]
  })
}

function belowMinimum(card: Scorecard, minimum: Minimum): readonly string[] {
  return gates.flatMap((gate) => {
    const least = minimum[gate]
    if (least === undefined) return []
    const score = gated(card, gate)
    if (score === null) return [`${gate} was not assessed (minimum ${least})`]
    return score < least ? [`${gate} is ${score.toFixed(2)} (minimum ${least})`] : []
  })
}

function gated(card: Scorecard, gate: Gate): number | null {
  return gate === "overall" || gate === "coverage" || gate === "rowsPassed" ? card[gate] : (card.dimensions[gate]?.score ?? null)
}
