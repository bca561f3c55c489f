import { counted } from "../../errors/counted.ts"
import type { RejectBudget } from "../build/pipeline-options.ts"
import type { DeliveryCounts } from "./delivery-counts.ts"

/** The counts that a budget judges. */
export type BudgetCounts = Pick<DeliveryCounts, "read" | "rejected" | "filtered" | "issues" | "columns">

/** Why there are too many rejects: a sentence for each limit that they exceed. Without a share, all rows are too many. */
export function overBudget(
  counts: BudgetCounts,
  { rows = Number.POSITIVE_INFINITY, share, codes = {}, columns = {} }: RejectBudget = {},
): readonly string[] {
  const { read, rejected, filtered } = counts
  const single = [
    ...Object.entries(codes).flatMap(([code, most]) => tooMany(`of ${code}`, counts.issues[code] ?? 0, most)),
    ...Object.entries(columns).flatMap(([column, most]) => tooMany(`in the column ${column}`, counts.columns.of(column).errors, most)),
  ]
  return [...tooManyRows({ read, rejected, filtered }, rows, share), ...single]
}

function tooMany(place: string, found: number, most: number | undefined): readonly string[] {
  if (most === undefined || found <= most) return []
  return [`${counted(found, "issue", "issues")} ${place} (maximum ${most})`]
}

function tooManyRows(
  { read, rejected, filtered }: Pick<BudgetCounts, "read" | "rejected" | "filtered">,
  rows: number,
  share: number | undefined,
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
