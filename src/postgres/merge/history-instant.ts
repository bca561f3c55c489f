import type { Queryable } from "../connection/database.ts"
import { identifier } from "../sql/quoted-names.ts"
import type { HistoryColumns } from "../target/history-columns.ts"
import type { TargetTable } from "../target/target-table.ts"

/**
 * The instant from which the versions of a delivery are valid: `now`, or right after the last instant of the history if `now` is not later, because
 * files of one run share a clock reading or a clock is slow. It adds the smallest step that the column can store: a millisecond, a second or a day.
 */
export async function historyInstant(asker: Queryable, target: TargetTable, history: HistoryColumns, now: Date): Promise<string> {
  const [from, to] = [identifier(history.validFrom), identifier(history.validTo)]
  const type = target.columns.get(history.validFrom)?.type ?? "timestamptz"
  const finite = (column: string) => `max(${column}::timestamptz) FILTER (WHERE isfinite(${column}))`
  const { rows } = await asker.query(
    `WITH last AS (SELECT greatest(${finite(from)}, ${finite(to)}) AS instant FROM ${target.sql}),
          candidate AS (
            SELECT $1::timestamptz AS instant, 0 AS place
            UNION ALL SELECT date_trunc('milliseconds', last.instant) + step, place
            FROM last, unnest(ARRAY['1 ms', '1 s', '1 day']::interval[]) WITH ORDINALITY AS steps (step, place))
     SELECT to_char(c.instant AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS instant FROM candidate c, last
     WHERE last.instant IS NULL OR c.instant::${type} > last.instant::${type} ORDER BY place LIMIT 1`,
    [now.toISOString()],
  )
  return String(rows[0]?.["instant"])
}
