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
import { correctionsOf, markReplaced, releaseIdentity } from "./reload.ts"
import { enterRun, failDeadRuns, failRun, finishRun, type RunDetails } from "./run-entry.ts"
import { terminateBackend } from "./take-over-stale-run.ts"

/** What a claim is taken with. */
export interface ClaimOptions extends Pick<ConcurrencyOptions, "staleMs" | "whileRunning"> {
  /** Within the data transaction: its end frees every lock. */
  readonly connection: Connection
  readonly control: ControlConnection | undefined
  readonly context: Context
  readonly delivery: Delivery
  readonly table: TargetTable
  readonly mode: string
  /** Whether the whole table is claimed, not the content alone. */
  readonly exclusive: boolean
  /** Whether versions of the file must not overtake each other. */
  readonly ordered: boolean
  readonly onSameContent: "skip" | "load"
}

/** The claim that was asked for, or why it is not given: the delivery that has loaded the same, or a lock that another load holds. */
export type ClaimResult = Claim | { readonly duplicateOf: CommittedDelivery } | { readonly heldLock: HeldLock }

const lockPauseMs = 50
/** How long the lock of a content is waited for by a load that merges already, and which the one that has it may be waiting for. */
const mutualWaitMs = 5_000

/** The right to load one content into one table: a lock, an entry in the ledger, a heartbeat, a token that is checked at the end. */
export class Claim {
  readonly #options: ClaimOptions
  #identity: Identity | undefined
  #lock: Identity | undefined
  #token: string | undefined
  #backend: Backend | undefined
  /** Whether its entry is not in the data transaction, but where others can see it. */
  #isEntered = false
  #isAlone = false
  #lost: RowgateError | undefined
  #merges = false
  readonly #reloads: string[] = []
  #stopWatch: () => void = () => undefined

  private constructor(options: ClaimOptions) {
    this.#options = options
  }

  /**
   * Tries to be the only one to make or change the table, before `take`. `whileRunning: "fail"` is about the same content only, which the one that
   * holds the lock may have.
   */
  static async tryTableLock(options: ClaimOptions): Promise<HeldLock | undefined> {
    const { delivery, table, onSameContent } = options
    const { sha256 } = delivery
    const content = sha256 === undefined ? fileIdentity(delivery, table) : contentIdentity(delivery, table, sha256, onSameContent)
    const others = { activity: "another run makes or changes the table", content: content.lock }
    const { lock } = targetIdentity(table)
    return (await new Claim(options).#tryLock(lock)) ? undefined : { lock, holders: others }
  }

  /**
   * Waits for nobody: where another load has a lock that is needed, the caller ends the transaction, and with it the locks that were taken, before it
   * comes again. Throws `TARGET_CHANGED`.
   */
  static async take(options: ClaimOptions): Promise<ClaimResult> {
    const claim = new Claim(options)
    const { delivery, table, exclusive, ordered, onSameContent } = options
    const { sha256, corrects } = delivery
    claim.#identity = sha256 === undefined ? undefined : contentIdentity(delivery, table, sha256, onSameContent)
    claim.#lock = claim.#identity ?? fileIdentity(delivery, table)
    // The content's comes last, in every load: who holds it does not wait for another.
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

  /** Deliveries whose rows this one puts others in the place of. */
  get reloads(): readonly string[] {
    return this.#reloads
  }

  /** Whether the content is known, and with it the deliveries to put others in the place of. */
  get isSettled(): boolean {
    return this.#identity !== undefined
  }

  /** The fencing token. */
  get token(): string {
    return this.#token ?? ""
  }

  /** Whether no control connection was to be had: nobody can see the load before it ends, and only its own connection says that it lives. */
  get lacksHeartbeat(): boolean {
    return this.#isAlone
  }

  /** Makes the claim known, and keeps its heartbeat from now on. */
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
    this.#isEntered = token !== undefined
    this.#isAlone = control !== undefined && !this.#isEntered
    if (this.#isAlone) context.logger.warn({ uri: delivery.uri }, "no second connection is free: the load goes on without a heartbeat")
    this.#token = token ?? (await enter(connection))
    this.watch(backend)
  }

  /** Has the control line look after the load's own connection, and after its entry if it has one. */
  watch(backend: Backend): void {
    const { connection, control, delivery } = this.#options
    const held = this.#isEntered ? { runId: delivery.id, token: this.token } : undefined
    const watched: WatchedLoad = { entry: held, data: connection, pid: backend.pid, lost: (why: string) => this.#lose(why) }
    control?.watch(watched)
    this.#stopWatch = () => control?.unwatch(watched)
  }

  /**
   * Waits until no other load merges into the table: two that write the same rows in different orders would wait for each other. Whoever has
   * this lock waits for no other one for long, so it comes last; a file that is merged in parts, though, has it before its content is known.
   */
  async lockMerges(): Promise<void> {
    if (this.#merges) return
    await this.#acquire(mergeIdentity(this.#options.table), { activity: "another run is merging into the table" })
    this.#merges = true
  }

  /** Throws where another has taken over. */
  check(): void {
    if (this.#lost !== undefined) throw this.#lost
  }

  /** Once the content is known: another delivery may have loaded it under another name. */
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

  /** The last statement before COMMIT; gives the id of the transaction. */
  async finish(status: "committed" | "refused", report: DeliveryReport, extras: RunDetails): Promise<string> {
    const { connection, delivery, table, onSameContent } = this.#options
    if (status === "committed") for (const run of this.#reloads) await markReplaced(connection, run, delivery.id, table)
    const identity = this.#identity ?? contentIdentity(delivery, table, report.sha256, onSameContent)
    if (status === "committed") await releaseIdentity(connection, identity.hash, table)
    return finishRun(connection, { status, token: this.token, identity: identity.hash, ...extras, report })
  }

  /** After the transaction, however it ended. */
  release(): void {
    this.#stopWatch()
  }

  /** Says in the ledger why the load did not happen. Where its line was cut, the server may not know yet: its backend is ended first. */
  async fail(reason: string, left: boolean): Promise<void> {
    const { control, delivery } = this.#options
    const [token, backend] = [this.#token, this.#backend]
    try {
      if (token === undefined || control === undefined) return
      if (!left && backend !== undefined) await terminateBackend(control, backend)
      if (this.#isEntered) await failRun(control, delivery.id, token, reason)
    } finally {
      this.#stopWatch()
    }
  }

  /** By its content; while that is not known, by the name and version of the file, where it has versions. */
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

  /** Rows that corrected its rejects go with its own; no correction is under way. */
  async #reload(run: string): Promise<void> {
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

  /** Waits for a lock amid the load: its rows are in, so the transaction cannot begin again. */
  async #acquire({ lock }: Identity, others: LockHolders = sameContent): Promise<void> {
    const { connection, control, context, delivery, whileRunning, staleMs } = this.#options
    const { uri } = delivery
    const since = performance.now()
    const turn = new LockWait({ lock, holders: others }, { staleMs, whileRunning, uri, logger: context.logger })
    while (!(await this.#tryLock(lock))) {
      if (turn.isCheckDue) await control?.transaction((beside) => turn.takeOverIfStale(beside))
      if (this.#merges && performance.now() - since > mutualWaitMs)
        throw anotherRunIsLoading(uri, new Error("two loads of the same content would wait for each other"))
      await turn.failOrAnnounce(connection)
      await wait(lockPauseMs * (0.5 + Math.random()), undefined, { signal: context.signal })
    }
  }
}
