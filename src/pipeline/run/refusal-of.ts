import type { Scorecard } from "../../model/scorecard.ts"
import { failedGates } from "../../score/gate.ts"
import type { Definition } from "../build/definition.ts"
import { outsideVolume } from "./outside-volume.ts"
import { type BudgetCounts, overBudget } from "./over-budget.ts"

/** Why a delivery must not be loaded, as a sentence; undefined if it may be. */
export function refusalOf(
  { score: { minimum = {} }, options: { budget, volume } }: Definition,
  score: Scorecard,
  counts: BudgetCounts,
  refusal?: string | undefined,
): string | undefined {
  // A gate on the share of rows says how many may be rejected.
  const limits = minimum.rowsPassed === undefined ? budget : { share: 1, ...budget }
  const reasons = [
    ...failedGates(score, minimum),
    ...overBudget(counts, limits),
    ...outsideVolume(counts, volume),
    ...(refusal === undefined ? [] : [refusal]),
  ]
  return reasons.length === 0 ? undefined : reasons.join("; ")
}
