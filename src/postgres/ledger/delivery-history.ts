import type { Delivery } from "../../contract/delivery.ts"
import type { ColumnProfile, EarlierDelivery } from "../../model/column-profile.ts"
import type { Queryable } from "../connection/database.ts"
import { storableJson } from "../encode/storable-text.ts"

/** The latest loaded deliveries of a pipeline and target, the latest first. A reload is not compared with the delivery whose bytes it loads again. */
export async function deliveryHistory(
  asker: Queryable,
  { pipeline, sourceTable, sha256 }: Delivery,
  target: string,
  most: number,
): Promise<readonly EarlierDelivery[]> {
  const { rows } = await asker.query(
    `SELECT run.id, to_char(run.finished_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS finished, run.read::text AS read, score.ruleset_hash AS ruleset,
            score.provisional, (score.scorecard -> 'weights')::text AS weights,
            (SELECT json_agg(json_build_object('column', column_name, 'rows', rows, 'nulls', nulls, 'distinct', distinct_values, 'sample', sample))::text
             FROM rowgate.column_profile WHERE run_id = run.id) AS columns
     FROM (SELECT id, finished_at, read FROM rowgate.run
           WHERE status = 'committed' AND pipeline = $1 AND target = $2 AND corrects IS NULL AND source_table IS NOT DISTINCT FROM $3
             AND ($4::text IS NULL OR sha256 IS DISTINCT FROM $4)
           ORDER BY finished_at DESC, id DESC LIMIT $5::int) AS run
     LEFT JOIN rowgate.quality_score score ON score.run_id = run.id
     ORDER BY run.finished_at DESC, run.id DESC`,
    [pipeline, target, sourceTable ?? null, sha256 ?? null, most],
  )
  return rows.map((row) => ({
    id: String(row["id"]),
    finishedAt: String(row["finished"]),
    read: Number(row["read"]),
    ruleset: typeof row["ruleset"] === "string" ? row["ruleset"] : undefined,
    provisional: typeof row["provisional"] === "boolean" ? row["provisional"] : undefined,
    weights: typeof row["weights"] === "string" ? JSON.parse(row["weights"]) : undefined,
    columns: typeof row["columns"] === "string" ? JSON.parse(row["columns"], withoutNull) : [],
  }))
}

/** Stores the profile of a delivery. */
export async function storeProfile(asker: Queryable, run: string, columns: readonly ColumnProfile[]): Promise<void> {
  if (columns.length === 0) return
  await asker.query(
    `INSERT INTO rowgate.column_profile (run_id, column_name, position, rows, nulls, distinct_values, sample)
     SELECT $1, "column", position - 1, rows, nulls, "distinct", sample
     FROM ROWS FROM (json_to_recordset($2::json) AS ("column" text, rows bigint, nulls bigint, "distinct" bigint, sample json))
     WITH ORDINALITY AS profile ("column", rows, nulls, "distinct", sample, position)
     ON CONFLICT DO NOTHING`,
    [run, storableJson(columns)],
  )
}

/** The ledger has null for what a redacted column does not have. */
function withoutNull(_key: string, value: unknown): unknown {
  return value === null ? undefined : value
}
