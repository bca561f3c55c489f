import type { Delivery } from "../../contract/delivery.ts"
import type { Queryable } from "../connection/database.ts"
import type { TargetTable } from "../target/target-table.ts"

/** Why an older version of a file must not be loaded; undefined if no newer version was. */
export async function newerVersionRefusal(
  asker: Queryable,
  { pipeline, uri, sequence, sourceTable }: Delivery,
  target: TargetTable,
): Promise<string | undefined> {
  const { rows } = await asker.query(
    `SELECT id FROM rowgate.run
     WHERE pipeline = $1 AND target = $2 AND uri = $3 AND status = 'committed' AND corrects IS NULL AND source_sequence > $4::bigint
       AND source_table IS NOT DISTINCT FROM $5
     ORDER BY source_sequence DESC LIMIT 1`,
    [pipeline, `${target.schema}.${target.table}`, uri, sequence, sourceTable ?? null],
  )
  const newer = rows[0]?.["id"]
  return newer === undefined ? undefined : `a newer version of the file was loaded before, by the delivery ${newer}`
}

/** The sequence of a delivery's file. Rows that correct the delivery are no newer than its file. */
export async function sequenceOf(asker: Queryable, run: string): Promise<number | undefined> {
  const { rows } = await asker.query("SELECT source_sequence::text AS sequence FROM rowgate.run WHERE id = $1", [run])
  const sequence = rows[0]?.["sequence"]
  return typeof sequence === "string" ? Number(sequence) : undefined
}
