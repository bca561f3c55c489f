import { beginTransaction } from "../connection/transaction.ts"
import { type AnyLoadOptions, isExclusive, lastLoadWins } from "../load-modes.ts"
import type { LoadSessionOptions } from "../load-session.ts"
import { openTarget } from "../target/open-target.ts"
import { needsDdl, type TargetTable } from "../target/target-table.ts"
import { Claim, type ClaimOptions } from "./claim.ts"
import type { CommittedDelivery } from "./committed-delivery.ts"
import { concurrencyOptions } from "./concurrency-options.ts"
import { type HeldLock, LockWait } from "./lock-wait.ts"
import { migrateWithin } from "./migrate.ts"

/** The target and the claim on it, within a transaction that has begun. */
export interface ClaimedTarget {
  readonly table: TargetTable
  /** The claim, or the delivery that has loaded the same before. */
  readonly claim: Claim | CommittedDelivery
  /** Whether versions of the file must not overtake each other. */
  readonly ordered: boolean
  /** Steps of the ledger that were tried for a plan. */
  readonly migrations: readonly string[]
}

/**
 * Begins the transaction of a load and claims what it loads. While another load has what this one needs, this one holds nothing, not even its
 * connection, which the other may need to end; then it begins anew.
 */
export async function takeClaim(on: LoadSessionOptions, mode: string): Promise<ClaimedTarget> {
  const { connection, context, delivery, options } = on
  for (;;) {
    await beginTransaction(connection, options)
    const isPlanned = delivery.dryRun && options.migrate === true
    const migrations = isPlanned ? (await migrateWithin(connection)).steps : []
    const taken = await tryClaim(on, mode)
    if ("table" in taken) return { ...taken, migrations }
    await connection.query("ROLLBACK")
    await new LockWait(taken, { ...concurrencyOptions(options), uri: delivery.uri, logger: context.logger }).untilFree(connection)
  }
}

/** Gives the lock that another load holds, if that is in the way. */
async function tryClaim(on: LoadSessionOptions, mode: string): Promise<Omit<ClaimedTarget, "migrations"> | HeldLock> {
  const { connection, delivery, options } = on
  const look = () => openTarget(connection, delivery.columns, options)
  let table = await look()
  if (needsDdl(table)) {
    await connection.query("SAVEPOINT rowgate_change")
    const held = await Claim.tryTableLock(claimOptions(on, mode, table))
    if (held !== undefined) return held
    table = await look()
    // Whoever had the lock before has done it: this gives the table back at once.
    if (!needsDdl(table)) await connection.query("ROLLBACK TO SAVEPOINT rowgate_change")
    await connection.query("RELEASE SAVEPOINT rowgate_change")
  }
  const taking = claimOptions(on, mode, table)
  const taken = await Claim.take(taking)
  if ("heldLock" in taken) return taken.heldLock
  return { table, claim: "duplicateOf" in taken ? taken.duplicateOf : taken, ordered: taking.ordered }
}

function claimOptions(on: LoadSessionOptions, mode: string, table: TargetTable): ClaimOptions {
  const { connection, control, context, delivery, options } = on
  const { onSameContent = "skip" } = options
  const exclusive = isExclusive(options)
  const ordered = refusesOlder(options) && delivery.sequence !== undefined && delivery.reload !== true
  return { ...concurrencyOptions(options), connection, control, context, delivery, table, mode, exclusive, ordered, onSameContent }
}

function refusesOlder(options: AnyLoadOptions): boolean {
  return (options.onOlderVersion ?? (lastLoadWins(options) ? "refuse" : "load")) === "refuse"
}
