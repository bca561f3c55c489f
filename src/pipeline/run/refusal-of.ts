import type { Scorecard } from "../../model/scorecard.ts"
import { failedGates } from "../../score/gate.ts"
import type { Definition } from "../build/definition.ts"
import type { Compared } from "./drift-watch.ts"
import { type FileAge, outsideVolume } from "./outside-volume.ts"
import { type BudgetCounts, overBudget } from "./over-budget.ts"

/** Why a delivery must not be loaded, as a sentence; undefined if it may be. */
export function refusalOf(
  { score: { minimum = {} }, options: { budget, volume } }: Definition,
  score: Scorecard,
  counts: BudgetCounts,
  age: FileAge,
  refusal?: string | undefined,
  { reasons: drifted, incomparable }: Pick<Compared, "reasons" | "incomparable"> = { reasons: [] },
): string | undefined {
  // A gate on the share of rows says how many may be rejected.
  const limits = minimum.rowsPassed === undefined ? budget : { share: 1, ...budget }
  const gates = failedGates(score, minimum)
  const reasons = [
    ...gates,
    ...(gates.length === 0 || incomparable === undefined ? [] : [incomparable]),
    ...drifted,
    ...overBudget(counts, limits),
    ...outsideVolume(counts, age, volume),
    ...(refusal === undefined ? [] : [refusal]),
  ]
  return reasons.length === 0 ? undefined : reasons.join("; ")
}
