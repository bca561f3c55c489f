import { setTimeout as wait } from "node:timers/promises"
import type { Context } from "../../contract/context.ts"
import type { ColumnSpec } from "../../model/column-spec.ts"
import type { Connection } from "../connection/database.ts"
import { faultOf, isContention } from "../connection/sink-error.ts"
import type { AnyLoadOptions } from "../load-modes.ts"
import { changesFor } from "./open-target.ts"
import { type TargetColumn, type TargetTable, targetColumns, targetTable } from "./target-table.ts"

/** How long readers may have to wait behind a load that waits for its lock on the table. */
const queueMs = 200
const pauseMs = 200

/** What was changed in a table. */
export interface TableChanges {
  readonly ddl: readonly string[]
  readonly added: readonly TypedName[]
  readonly widened: readonly TypedName[]
}

/** A column with the type that it has now. */
type TypedName = Pick<TargetColumn, "name" | "type">

/**
 * Changes the table to fit the contract, right before the rows are moved into it. From here to the end of the transaction, no other session can read
 * it. Resolves with the changes.
 */
export async function changeTable(
  connection: Connection,
  { sql }: TargetTable,
  columns: readonly ColumnSpec[],
  options: AnyLoadOptions,
  context: Context,
): Promise<TableChanges> {
  await lockTable(connection, sql, options, context)
  // Another session may have changed it while rows were staged.
  const found = await targetTable(connection, sql)
  const changes = found === undefined ? [] : changesFor(found, columns, options)
  if (found === undefined || changes.length === 0) return { ddl: [], added: [], widened: [] }
  const statement = `ALTER TABLE ${sql} ${changes.join(", ")}`
  await connection.query(statement)
  const after = [...(await targetColumns(connection, sql)).values()]
  return {
    ddl: [statement],
    added: after.filter(({ name }) => !found.columns.has(name)),
    widened: after.filter(({ name, type }) => (found.columns.get(name)?.type ?? type) !== type),
  }
}

/** A session that waits for this lock blocks all later sessions, so the lock is requested again and again, each time only for a moment. */
async function lockTable(connection: Connection, sql: string, { lockTimeoutMs = 0 }: AnyLoadOptions, context: Context): Promise<void> {
  const began = performance.now()
  for (let isLogged = false; ; isLogged = true) {
    await connection.query("SAVEPOINT rowgate_lock")
    try {
      await connection.query(`SELECT set_config('lock_timeout', '${queueMs}', true)`)
      await connection.query(`LOCK TABLE ${sql} IN ACCESS EXCLUSIVE MODE`)
      await connection.query(`SELECT set_config('lock_timeout', '${lockTimeoutMs}', true)`)
      await connection.query("RELEASE SAVEPOINT rowgate_lock")
      return
    } catch (error) {
      const isOver = lockTimeoutMs > 0 && performance.now() - began >= lockTimeoutMs
      if (isOver || !isContention(faultOf(error))) throw error
      await connection.query("ROLLBACK TO SAVEPOINT rowgate_lock")
      await connection.query("RELEASE SAVEPOINT rowgate_lock")
    }
    if (!isLogged) context.logger.info({ table: sql }, "the table is in use: waiting to change it")
    await wait(pauseMs * (0.5 + Math.random()), undefined, { signal: context.signal })
  }
}
