import { checkArgument } from "../../options/check-argument.ts"
import { either, having } from "../../options/option-kinds.ts"
import { connectPatiently } from "../connection/connect-patiently.ts"
import type { Connection, Database } from "../connection/database.ts"
import { poolDatabase } from "../connection/pool-database.ts"
import { type PostgresPool, poolKind } from "../connection/postgres-pool.ts"
import { faultOf, sinkError } from "../connection/sink-error.ts"
import { requireLedger } from "../ledger/require-ledger.ts"
import { type Pglite, pgliteDatabase } from "../pglite/pglite-database.ts"

/** The database of a ledger: a pool of `pg`, or an open database of `@electric-sql/pglite`. You close it yourself. */
export type LedgerAccess = PostgresPool | Pglite

/** Refuses anything that gives no access to a ledger. */
export function checkAccess(call: string, access: LedgerAccess): void {
  checkArgument(call, access, either(poolKind(), having<Pglite>("an open database of PGlite", "query")))
}

/** SQLSTATEs of a schema, a table or a column that does not exist. */
const absent = new Set(["3F000", "42P01", "42703"])

/** Runs `work` on a new connection and releases it afterwards. */
export async function onLedger<R>(access: LedgerAccess, work: (connection: Connection) => Promise<R>): Promise<R> {
  const database = databaseOf(access)
  const connection = await connectPatiently(database, new AbortController().signal)
  try {
    return await work(connection)
  } catch (error) {
    if (absent.has(faultOf(error).code)) await requireLedger(connection, database.name)
    throw sinkError(error, database.name)
  } finally {
    connection.release()
  }
}

function databaseOf(access: LedgerAccess): Database {
  return "connect" in access ? poolDatabase(access) : pgliteDatabase(access, "PGlite", async () => {})
}
