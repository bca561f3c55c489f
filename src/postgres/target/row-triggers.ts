import type { Connection } from "../connection/database.ts"
import type { TargetTable } from "./target-table.ts"

/** Bits of `pg_trigger.tgtype`: BEFORE ... FOR EACH ROW, INSTEAD OF, and INSERT or UPDATE. */
const beforeRow = 1 | 2
const insteadOf = 64
const writes = 4 | 16

/**
 * Whether triggers of the table or of its partitions may change rows before they are inserted, or leave them out without an error. A foreign table
 * counts as having such triggers, because they are not known.
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
