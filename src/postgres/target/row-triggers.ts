import type { Connection } from "../connection/database.ts"
import type { TargetTable } from "./target-table.ts"

/** Bits of `pg_trigger.tgtype`: for each row and before it, in its place, on INSERT or UPDATE. */
const beforeRow = 1 | 2
const insteadOf = 64
const writes = 4 | 16

/**
 * Whether rows may be changed on their way in, or left out without an error: by triggers of the table or of one of its partitions. A foreign
 * table may do so for all we know.
 */
export async function hasRowTriggers(connection: Connection, { sql }: TargetTable): Promise<boolean> {
  const { rows } = await connection.query(
    `WITH part AS (SELECT to_regclass($1)::oid AS oid UNION SELECT relid::oid FROM pg_partition_tree(to_regclass($1)))
     SELECT EXISTS (SELECT FROM pg_class c JOIN part USING (oid) WHERE c.relkind = 'f')
         OR EXISTS (SELECT FROM pg_trigger t JOIN part p ON p.oid = t.tgrelid
                    WHERE NOT t.tgisinternal AND t.tgtype & ${writes} <> 0
                      AND (t.tgtype & ${beforeRow} = ${beforeRow} OR t.tgtype & ${insteadOf} <> 0)) AS has`,
    [sql],
  )
  return rows[0]?.["has"] === true
}
