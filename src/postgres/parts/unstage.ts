import type { Context } from "../../contract/context.ts"
import type { Connection } from "../connection/database.ts"
import { beginTransaction } from "../connection/transaction.ts"
import type { AnyLoadOptions } from "../load-modes.ts"
import { stagingLock } from "./part-claim.ts"
import { dropStaging } from "./staging-table.ts"

/** Drops what was staged for a delivery, in a transaction of its own. */
export async function unstage(connection: Connection, delivery: string, options: AnyLoadOptions, context: Context): Promise<void> {
  await beginTransaction(connection, options, context)
  await connection.query("SELECT pg_advisory_xact_lock($1::bigint)", [stagingLock(delivery)])
  await dropStaging(connection, delivery)
  await connection.query("COMMIT")
}
