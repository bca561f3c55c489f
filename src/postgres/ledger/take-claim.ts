import { beginTransaction } from "../connection/transaction.ts"
import { type AnyLoadOptions, isExclusive, lastLoadWins } from "../load-modes.ts"
import type { LoadSessionOptions } from "../load-session.ts"
import { openTarget } from "../target/open-target.ts"
import { needsDdl, type TargetTable } from "../target/target-table.ts"
import { Claim, type ClaimOptions } from "./claim.ts"
import type { CommittedDelivery } from "./committed-delivery.ts"
import { concurrencyOptions } from "./concurrency-options.ts"
import { type HeldLock, LockWait } from "./lock-wait.ts"

/** The target and the claim on it, in an open transaction. */
export interface ClaimedTarget {
  readonly table: TargetTable
  /** The claim, or the delivery that has loaded the same content before. */
  readonly claim: Claim | CommittedDelivery
  /** Whether versions of the file must be loaded one after another. */
  readonly ordered: boolean
  /** Migrations of the ledger that a plan has tried. */
  readonly migrations: readonly string[]
}

/**
 * Begins the transaction of a load and claims its content. While another load has a lock that this one needs, this one holds nothing, not even its
 * connection, which the other load may need in order to end. Then it begins again.
 */
export async function takeClaim(on: LoadSessionOptions, mode: string): Promise<ClaimedTarget> {
  const { connection, context, delivery, options } = on
  for (;;) {
    await beginTransaction(connection, options, context)
    const isPlanned = delivery.dryRun && options.migrate === true
    const migrations = isPlanned ? (await (await import("./migrate.ts")).migrateWithin(connection)).steps : []
    const taken = await tryClaim(on, mode)
    if ("table" in taken) return { ...taken, migrations }
    await connection.query("ROLLBACK")
    await new LockWait(taken, { ...concurrencyOptions(options), uri: delivery.uri, logger: context.logger }).untilFree(connection)
  }
}

/** Returns the lock that another load holds, if that prevents the claim. */
async function tryClaim(on: LoadSessionOptions, mode: string): Promise<Omit<ClaimedTarget, "migrations"> | HeldLock> {
  const { connection, delivery, options } = on
  const readTarget = () => openTarget(connection, delivery.columns, options)
  let table = await readTarget()
  if (needsDdl(table)) {
    await connection.query("SAVEPOINT rowgate_change")
    const held = await Claim.tryTableLock(claimOptions(on, mode, table))
    if (held !== undefined) return held
    table = await readTarget()
    // The previous holder has created or changed the table. The rollback releases the lock on it.
    if (!needsDdl(table)) await connection.query("ROLLBACK TO SAVEPOINT rowgate_change")
    await connection.query("RELEASE SAVEPOINT rowgate_change")
  }
  const claimed = claimOptions(on, mode, table)
  const taken = await Claim.take(claimed)
  if ("heldLock" in taken) return taken.heldLock
  return { table, claim: "duplicateOf" in taken ? taken.duplicateOf : taken, ordered: claimed.ordered }
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
