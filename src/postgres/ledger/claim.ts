import { setTimeout as wait } from "node:timers/promises"
import type { Context } from "../../contract/context.ts"
import type { Delivery } from "../../contract/delivery.ts"
import type { RowgateError } from "../../errors/rowgate-error.ts"
import type { DeliveryReport } from "../../model/run-report.ts"
import { type Backend, backendOf } from "../connection/backend.ts"
import type { Connection, Queryable } from "../connection/database.ts"
import type { TargetTable } from "../target/target-table.ts"
import { type CommittedDelivery, committedDelivery, targetChanged } from "./committed-delivery.ts"
import type { ConcurrencyOptions } from "./concurrency-options.ts"
import type { ControlConnection, WatchedLoad } from "./control-connection.ts"
import {
  contentIdentity,
  correctionIdentity,
  fileIdentity,
  type Identity,
  mergeIdentity,
  targetIdentity,
  versionsIdentity,
} from "./identity.ts"
import { leaseLost } from "./lease-lost.ts"
import { anotherRunIsLoading, type HeldLock, type LockHolders, LockWait, sameContent } from "./lock-wait.ts"
import { releaseIdentity } from "./release-identity.ts"
import { enterRun, failDeadRuns, failRun, finishRun, type RunDetails } from "./run-entry.ts"

/** What a claim needs. */
export interface ClaimOptions extends Pick<ConcurrencyOptions, "staleMs" | "whileRunning"> {
  /** A connection in the data transaction, whose end releases every lock. */
  readonly connection: Connection
  readonly control: ControlConnection | undefined
  readonly context: Context
  readonly delivery: Delivery
  readonly table: TargetTable
  readonly mode: string
  /** Whether to claim the whole table instead of the content only. */
  readonly exclusive: boolean
  /** Whether versions of the file must be loaded one after another. */
  readonly ordered: boolean
  readonly onSameContent: "skip" | "load"
}

/** The claim; or the delivery that has loaded the same content; or a lock that another load holds. */
export type ClaimResult = Claim | { readonly duplicateOf: CommittedDelivery } | { readonly heldLock: HeldLock }

const lockPauseMs = 50
/** How long a load that holds the merge lock waits for the lock of a content, whose holder may be waiting for the merge lock. */
const mutualWaitMs = 5_000

/** The right to load one content into one table: a lock, an entry in the ledger, heartbeats, and a token that is checked at the end. */
export class Claim {
  readonly #options: ClaimOptions
  #identity: Identity | undefined
  #lock: Identity | undefined
  #token: string | undefined
  #backend: Backend | undefined
  /** Whether other sessions can see its entry, because it is not part of the data transaction. */
  #isVisible = false
  #lacksHeartbeat = false
  #lost: RowgateError | undefined
  #hasMergeLock = false
  readonly #reloads: string[] = []
  #stopWatching: () => void = () => undefined

  private constructor(options: ClaimOptions) {
    this.#options = options
  }

  /**
   * Tries to lock the table for creating or changing it, before `take`. Returns the lock if another load holds it. That load may have
   * another content, which does not count as running for `whileRunning: "fail"`.
   */
  static async tryTableLock(options: ClaimOptions): Promise<HeldLock | undefined> {
    const { delivery, table, onSameContent } = options
    const { sha256 } = delivery
    const content = sha256 === undefined ? fileIdentity(delivery, table) : contentIdentity(delivery, table, sha256, onSameContent)
    const holders = { activity: "another run is creating or changing the table", content: content.lock }
    const { lock } = targetIdentity(table)
    return (await new Claim(options).#tryLock(lock)) ? undefined : { lock, holders }
  }

  /**
   * Takes the claim without waiting. If another load holds a lock that it needs, the caller has to end the transaction, which releases the locks
   * that were taken, and try again. Throws `TARGET_CHANGED`.
   */
  static async take(options: ClaimOptions): Promise<ClaimResult> {
    const claim = new Claim(options)
    const { delivery, table, exclusive, ordered, onSameContent } = options
    const { sha256, corrects } = delivery
    claim.#identity = sha256 === undefined ? undefined : contentIdentity(delivery, table, sha256, onSameContent)
    claim.#lock = claim.#identity ?? fileIdentity(delivery, table)
    // Every load takes the lock of its content last, so that a load that holds it waits for no other.
    const locks = [
      ...(exclusive ? [targetIdentity(table)] : []),
      ...(corrects !== undefined ? [correctionIdentity(corrects.delivery)] : ordered ? [versionsIdentity(delivery, table)] : []),
      claim.#lock,
    ]
    for (const { lock } of locks) if (!(await claim.#tryLock(lock))) return { heldLock: { lock, holders: sameContent } }
    const before = await claim.#committedBefore()
    if (before === undefined) return claim
    if (delivery.reload !== true) return { duplicateOf: claim.#inTarget(before) }
    const { lock } = correctionIdentity(before.id)
    if (!(await claim.#tryLock(lock))) return { heldLock: { lock, holders: sameContent } }
    await claim.#reload(before.id)
    return claim
  }

  /** Deliveries whose rows this one replaces. */
  get reloads(): readonly string[] {
    return this.#reloads
  }

  /** Whether the content is known, and with it the deliveries to reload. */
  get isSettled(): boolean {
    return this.#identity !== undefined
  }

  /** The fencing token. */
  get token(): string {
    return this.#token ?? ""
  }

  /** Whether no control connection was available. Others cannot see the load before it ends, and it sends no heartbeats. */
  get lacksHeartbeat(): boolean {
    return this.#lacksHeartbeat
  }

  /** Enters the delivery in the ledger and begins its heartbeats. */
  async enter(): Promise<void> {
    const { connection, control, delivery, context, table, mode } = this.#options
    const backend = await backendOf(connection)
    this.#backend = backend
    const { hash: claim, lock } = this.#lock ?? { hash: "", lock: "0" }
    const target = `${table.schema}.${table.table}`
    const entry = { delivery, invocation: context.runId, target, mode, claim, identity: this.#identity?.hash, backend }
    const enter = async (asker: Queryable) => {
      if (!(await failDeadRuns(asker, claim, { pid: backend.pid, lock }))) throw leaseLost(delivery.uri, "another run has taken it over")
      return enterRun(asker, entry)
    }
    const token = await control?.transactionIfAvailable(connection, enter)
    this.#isVisible = token !== undefined
    this.#lacksHeartbeat = control !== undefined && !this.#isVisible
    if (this.#lacksHeartbeat)
      context.logger.warn({ uri: delivery.uri }, "no second connection is free: the load continues without a heartbeat")
    this.#token = token ?? (await enter(connection))
    this.watch(backend)
  }

  /** Lets the control connection watch the load's own connection, and its entry if others can see it. */
  watch(backend: Backend): void {
    const { connection, control, delivery } = this.#options
    const entry = this.#isVisible ? { runId: delivery.id, token: this.token } : undefined
    const watched: WatchedLoad = { entry, data: connection, pid: backend.pid, lost: (why: string) => this.#lose(why) }
    control?.watch(watched)
    this.#stopWatching = () => control?.unwatch(watched)
  }

  /**
   * Waits until no other load merges into the table: two loads that write the same rows in different orders would cause a deadlock. This lock comes
   * last, so that its holder does not wait long for another lock. Only a file that is merged in parts takes it before its content is known.
   */
  async lockMerges(): Promise<void> {
    if (this.#hasMergeLock) return
    await this.#acquire(mergeIdentity(this.#options.table), { activity: "another run is merging into the table" })
    this.#hasMergeLock = true
  }

  /** Throws if the claim was lost. */
  check(): void {
    if (this.#lost !== undefined) throw this.#lost
  }

  /** Claims the content once it is known. Returns the delivery that has loaded it before, perhaps under another name. */
  async confirmContent(sha256: string): Promise<CommittedDelivery | undefined> {
    if (this.#identity !== undefined) return undefined
    const { connection, delivery, table, onSameContent } = this.#options
    const identity = contentIdentity(delivery, table, sha256, onSameContent)
    await this.#acquire(identity)
    this.#identity = identity
    const before = await committedDelivery(connection, delivery, table, {
      sha256,
      named: onSameContent === "load",
      identity: identity.hash,
    })
    if (before === undefined) return undefined
    if (delivery.reload !== true) return this.#inTarget(before)
    if (this.#reloads.includes(before.id)) return undefined
    await this.#acquire(correctionIdentity(before.id))
    await this.#reload(before.id)
    return undefined
  }

  /** Runs the last statement before COMMIT. Resolves with the id of the transaction. */
  async finish(status: "committed" | "refused", report: DeliveryReport, details: RunDetails): Promise<string> {
    const { connection, delivery, table, onSameContent } = this.#options
    if (status === "committed" && this.#reloads.length > 0) {
      const { markReplaced } = await import("./reload.ts")
      for (const run of this.#reloads) await markReplaced(connection, run, delivery.id, table)
    }
    const identity = this.#identity ?? contentIdentity(delivery, table, report.sha256, onSameContent)
    if (status === "committed") await releaseIdentity(connection, identity.hash, table)
    return finishRun(connection, { status, token: this.token, identity: identity.hash, ...details, report })
  }

  /** Call it after the transaction. */
  release(): void {
    this.#stopWatching()
  }

  /** Records in the ledger why the load failed. If its connection was cut, the server may not know yet, so its backend is terminated first. */
  async fail(reason: string, isRolledBack: boolean): Promise<void> {
    const { control, delivery } = this.#options
    const [token, backend] = [this.#token, this.#backend]
    try {
      if (token === undefined || control === undefined) return
      if (!isRolledBack && backend !== undefined) await (await import("./take-over-stale-run.ts")).terminateBackend(control, backend)
      if (this.#isVisible) await failRun(control, delivery.id, token, reason)
    } finally {
      this.#stopWatching()
    }
  }

  /** Looks the delivery up by its content or, while that is unknown, by the name and version of the file, if it has versions. */
  async #committedBefore(): Promise<CommittedDelivery | undefined> {
    const { connection, delivery, table, onSameContent } = this.#options
    const { sha256 } = delivery
    const identity = this.#identity?.hash
    if (sha256 !== undefined && identity !== undefined)
      return committedDelivery(connection, delivery, table, { sha256, named: onSameContent === "load", identity })
    const isKnown = delivery.version !== undefined || delivery.reload === true
    return isKnown ? committedDelivery(connection, delivery, table, "file") : undefined
  }

  #inTarget(before: CommittedDelivery): CommittedDelivery {
    const { delivery, table } = this.#options
    if (!before.isInTarget) throw targetChanged(delivery.uri, table, before.id)
    return before
  }

  /** Also reloads the rows that corrected its rejects. The caller holds the lock for corrections. */
  async #reload(run: string): Promise<void> {
    const { correctionsOf } = await import("./reload.ts")
    this.#reloads.push(run, ...(await correctionsOf(this.#options.connection, run)))
  }

  #lose(why: string): void {
    this.#lost = leaseLost(this.#options.delivery.uri, why)
    this.#options.connection.destroy()
  }

  async #tryLock(lock: string): Promise<boolean> {
    const { rows } = await this.#options.connection.query("SELECT pg_try_advisory_xact_lock($1::bigint) AS held", [lock])
    return rows[0]?.["held"] === true
  }

  /** Waits for a lock during the load. The transaction has already written rows, so it cannot begin again. */
  async #acquire({ lock }: Identity, holders: LockHolders = sameContent): Promise<void> {
    const { connection, control, context, delivery, whileRunning, staleMs } = this.#options
    const { uri } = delivery
    const since = performance.now()
    const lockWait = new LockWait({ lock, holders }, { staleMs, whileRunning, uri, logger: context.logger })
    while (!(await this.#tryLock(lock))) {
      if (lockWait.isCheckDue) {
        if (control === undefined) await lockWait.endOverdue(connection)
        else await control.transaction((connection) => lockWait.takeOverIfStale(connection))
      }
      if (this.#hasMergeLock && performance.now() - since > mutualWaitMs)
        throw anotherRunIsLoading(uri, new Error("two loads of the same content would wait for each other"))
      await lockWait.failOrAnnounce(connection)
      await wait(lockPauseMs * (0.5 + Math.random()), undefined, { signal: context.signal })
    }
  }
}
