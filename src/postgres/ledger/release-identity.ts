import type { Queryable } from "../connection/database.ts"
import type { TargetTable } from "../target/target-table.ts"
import { hasTargetOid } from "./committed-delivery.ts"

/** Removes an identity from the entry of another table, which had this table's name when it was loaded. */
export async function releaseIdentity(asker: Queryable, identity: string, target: TargetTable): Promise<void> {
  await asker.query(
    `UPDATE rowgate.run SET identity = NULL WHERE identity = $1 AND status = 'committed' AND ${hasTargetOid} AND target_oid <> $2::bigint`,
    [identity, target.oid],
  )
}
