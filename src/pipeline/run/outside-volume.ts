import type { VolumeBounds } from "../build/pipeline-options.ts"
import type { BudgetCounts } from "./over-budget.ts"

const hourMs = 3_600_000

/** When a file was last changed, and the instant by which it is judged. */
export interface FileAge {
  /** Undefined if the source does not know. */
  readonly modifiedAt: Date | undefined
  readonly asOf: Date
}

/** Why a delivery has too few or too many rows, or an old file, as clauses. */
export function outsideVolume(
  { read }: BudgetCounts,
  age: FileAge,
  { least = 0, most, mostAgeHours }: VolumeBounds = {},
): readonly string[] {
  const rows = read === 1 ? "the delivery has 1 row" : `the delivery has ${read} rows`
  const reasons: string[] = []
  if (read < least) reasons.push(`${rows} (minimum ${least})`)
  else if (most !== undefined && read > most) reasons.push(`${rows} (maximum ${most})`)
  const old = mostAgeHours === undefined ? undefined : tooOld(age, mostAgeHours)
  if (old !== undefined) reasons.push(old)
  return reasons
}

function tooOld({ modifiedAt, asOf }: FileAge, mostHours: number): string | undefined {
  const limit = mostHours === 1 ? "maximum 1 hour" : `maximum ${mostHours} hours`
  if (modifiedAt === undefined) return `the source does not know how old the file is (${limit})`
  const hours = (asOf.getTime() - modifiedAt.getTime()) / hourMs
  return hours > mostHours
    ? `the file was last changed ${hours.toFixed(1)} hours ago, at ${modifiedAt.toISOString()} (${limit})`
    : undefined
}
