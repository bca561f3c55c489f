import type { VolumeBounds } from "../build/pipeline-options.ts"
import type { BudgetCounts } from "./over-budget.ts"

/** Why a delivery has too few or too many rows, as a clause. */
export function outsideVolume(
  { read }: BudgetCounts,
  { least = 0, most = Number.POSITIVE_INFINITY }: VolumeBounds = {},
): readonly string[] {
  const rows = read === 1 ? "the delivery has 1 row" : `the delivery has ${read} rows`
  if (read < least) return [`${rows} (minimum ${least})`]
  return read > most ? [`${rows} (maximum ${most})`] : []
}
