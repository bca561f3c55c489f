import type { RejectBudget } from "../build/pipeline-options.ts"

/** Why there are too many rejects: a sentence for each limit that they exceed. */
export function overBudget(
  { read, rejected }: { readonly read: number; readonly rejected: number },
  { rows = Number.POSITIVE_INFINITY, share = 1 }: RejectBudget = {},
): readonly string[] {
  const percent = (part: number) => `${(100 * part).toFixed(2)} %`
  const most = rejected > rows ? [`${rejected} rows were rejected, but at most ${rows} are allowed`] : []
  return rejected > share * read
    ? [...most, `${percent(rejected / read)} of the rows were rejected, but at most ${percent(share)} are allowed`]
    : most
}
