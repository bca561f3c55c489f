import { counted } from "../../errors/counted.ts"
import type { RejectBudget } from "../build/pipeline-options.ts"

/** The counts that a budget judges. */
export interface BudgetCounts {
  readonly read: number
  readonly rejected: number
  readonly filtered: number
}

/** Why there are too many rejects: a sentence for each limit that they exceed. Without a share, all rows are too many. */
export function overBudget(
  { read, rejected, filtered }: BudgetCounts,
  { rows = Number.POSITIVE_INFINITY, share }: RejectBudget = {},
): readonly string[] {
  const percent = (part: number) => `${(100 * part).toFixed(2)} %`
  const most =
    rejected > rows
      ? [`${counted(rejected, "row was", "rows were")} rejected, but at most ${rows} ${rows === 1 ? "is" : "are"} allowed`]
      : []
  if (share === undefined) return rejected > 0 && rejected + filtered === read ? [...most, noneLeft(rejected)] : most
  return rejected > share * read
    ? [...most, `${percent(rejected / read)} of the rows were rejected, but at most ${percent(share)} are allowed`]
    : most
}

function noneLeft(rejected: number): string {
  return rejected === 1 ? "the only row was rejected" : `all ${rejected} rows were rejected`
}
