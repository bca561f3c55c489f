import { setTimeout as wait } from "node:timers/promises"
import type { Context } from "../../../contract/context.ts"
import type { Delivery } from "../../../contract/delivery.ts"
import { RowgateError } from "../../../errors/rowgate-error.ts"
import type { DeliveryReport } from "../../../model/run-report.ts"
import type { Connection } from "../database.ts"
import type { TargetTable } from "../target/target-table.ts"
import { type CommittedDelivery, committedDelivery, targetChanged } from "./committed-delivery.ts"
import type { ControlLine } from "./control-line.ts"
import { deposeIfStale, endBackend } from "./depose.ts"
import {
  contentIdentity,
  correctionIdentity,
  fileIdentity,
  type Identity,
  mergeIdentity,
  targetIdentity,
  versionsIdentity,
} from "./identity.ts"
import { type Asker, type Backend, backendOf, enterRun, failRun, finishRun, leaseLost, type RunExtras, writeOffDead } from "./ledger.ts"
import { correctionsOf, markReplaced } from "./reload.ts"

/** What a claim is taken with. */
export interface ClaimOptions {
  /** Within the data transaction: its end frees every lock. */
  readonly connection: Connection
  readonly control: ControlLine | undefined
  readonly context: Context
  readonly delivery: Delivery
  readonly table: TargetTable
  readonly mode: string
  /** Whether the whole table is claimed, not the content alone. */
  readonly exclusive: boolean
  /** Whether versions of the file must not overtake each other. */
  readonly ordered: boolean
  readonly onSameContent: "skip" | "load"
  readonly whileRunning: "wait" | "fail"
}

const lockPauseMs = 50
const lookEveryMs = 1_000
/** How long the lock of a content is waited for by a load that merges already, and which the one that has it may be waiting for. */
const crossedMs = 5_000

/** The right to load one content into one table: a lock, an entry in the ledger, a heartbeat, a token that is checked at the end. */
export class Claim {
  readonly #options: ClaimOptions
  #identity: Identity | undefined
  #lock: Identity | undefined
  #token: string | undefined
  #backend: Backend | undefined
  #lost: RowgateError | undefined
  #merges = false
  readonly #reloads: string[] = []
  #stopWatch: () => void = () => undefined

  private constructor(options: ClaimOptions) {
    this.#options = options
  }

  /**
   * Waits for whoever makes or changes the table, before `take`. `whileRunning: "fail"` is about the same content only, which the other may have.
   */
  static async waitForTable(options: ClaimOptions): Promise<void> {
    const { delivery, table, onSameContent } = options
    const { sha256 } = delivery
    const content = sha256 === undefined ? fileIdentity(delivery, table) : contentIdentity(delivery, table, sha256, onSameContent)
    await new Claim(options).#acquire(targetIdentity(table), { say: "another run makes or changes the table", content })
  }

  /** Waits for whoever loads the same. Where that one has loaded it, its delivery is given instead. Throws `TARGET_CHANGED`. */
  static async take(options: ClaimOptions): Promise<Claim | { readonly duplicateOf: CommittedDelivery }> {
    const claim = new Claim(options)
    const { delivery, table, exclusive, ordered, onSameContent } = options
    const { sha256, corrects } = delivery
    claim.#identity = sha256 === undefined ? undefined : contentIdentity(delivery, table, sha256, onSameContent)
    // Before the lock of the content, in every load: who holds the one never waits for the other.
    if (exclusive) await claim.#acquire(targetIdentity(table))
    if (corrects !== undefined) await claim.#acquire(correctionIdentity(corrects.delivery))
    else if (ordered) await claim.#acquire(versionsIdentity(delivery, table))
    claim.#lock = claim.#identity ?? fileIdentity(delivery, table)
    await claim.#acquire(claim.#lock)
    const before = await claim.#committedBefore()
    const duplicateOf = before && (await claim.#duplicateOrReload(before))
    return duplicateOf === undefined ? claim : { duplicateOf }
  }

  /** Deliveries whose rows this one puts others in the place of. */
  get reloads(): readonly string[] {
    return this.#reloads
  }

  /** The fencing token. */
  get token(): string {
    return this.#token ?? ""
  }

  /** Makes the claim known, and keeps its heartbeat from now on. */
  async enter(): Promise<void> {
    const { connection, control, delivery, context, table, mode } = this.#options
    const backend = await backendOf(connection)
    this.#backend = backend
    const asker: Asker = control ?? connection
    const { hash: claim, lock } = this.#lock ?? { hash: "", lock: "0" }
    if (!(await writeOffDead(asker, claim, { pid: backend.pid, lock }))) throw leaseLost(delivery.uri, "another run has taken it over")
    const target = `${table.schema}.${table.table}`
    const entry = { delivery, invocation: context.runId, target, mode, claim, identity: this.#identity?.hash, backend }
    this.#token = await enterRun(asker, entry)
    if (control === undefined) return
    const held = { runId: delivery.id, token: this.#token }
    const watched = { held, data: connection, pid: backend.pid, lost: (why: string) => this.#lose(why) }
    control.watch(watched)
    this.#stopWatch = () => control.unwatch(watched)
  }

  /**
   * Waits until no other load merges into the table: two that write the same rows in different orders would wait for each other. Whoever has
   * this lock waits for no other one for long, so it comes last; a file that is merged in parts, though, has it before its content is known.
   */
  async lockMerges(): Promise<void> {
    if (this.#merges) return
    await this.#acquire(mergeIdentity(this.#options.table), { say: "another run is merging into the table" })
    this.#merges = true
  }

  /** Throws where another has taken over. */
  check(): void {
    if (this.#lost !== undefined) throw this.#lost
  }

  /** Once the content is known: another delivery may have loaded it under another name. */
  async settle(sha256: string): Promise<CommittedDelivery | undefined> {
    if (this.#identity !== undefined) return undefined
    const { connection, delivery, table, onSameContent } = this.#options
    const identity = contentIdentity(delivery, table, sha256, onSameContent)
    await this.#acquire(identity)
    this.#identity = identity
    const before = await committedDelivery(connection, delivery, table, { sha256, named: onSameContent === "load" })
    return before && this.#duplicateOrReload(before)
  }

  /** The last statement before COMMIT; gives the id of the transaction. */
  async finish(status: "committed" | "refused", report: DeliveryReport, extras: RunExtras): Promise<string> {
    const { connection, delivery, table, onSameContent } = this.#options
    if (status === "committed") for (const run of this.#reloads) await markReplaced(connection, run, delivery.id, table)
    const identity = this.#identity ?? contentIdentity(delivery, table, report.sha256, onSameContent)
    return finishRun(connection, { status, token: this.token, identity: identity.hash, ...extras, report })
  }

  /** After the transaction, however it ended. */
  release(): void {
    this.#stopWatch()
  }

  /** Says in the ledger why the load did not happen. Where its line was cut, the server may not know yet: its backend is ended first. */
  async fail(reason: string, left: boolean): Promise<void> {
    this.#stopWatch()
    const { control, delivery } = this.#options
    if (this.#token === undefined || control === undefined) return
    if (!left && this.#backend !== undefined) await endBackend(control, this.#backend)
    await failRun(control, delivery.id, this.#token, reason)
  }

  /** By its content; while that is not known, by the name and version of the file, where it has versions. */
  async #committedBefore(): Promise<CommittedDelivery | undefined> {
    const { connection, delivery, table, onSameContent } = this.#options
    const { sha256 } = delivery
    if (sha256 !== undefined) return committedDelivery(connection, delivery, table, { sha256, named: onSameContent === "load" })
    const isKnown = delivery.version !== undefined || delivery.reload === true
    return isKnown ? committedDelivery(connection, delivery, table, "file") : undefined
  }

  /** A reload goes on where others end. Rows that corrected the rejects go with the delivery's own; a correction under way is waited for. */
  async #duplicateOrReload(before: CommittedDelivery): Promise<CommittedDelivery | undefined> {
    const { connection, delivery, table } = this.#options
    if (delivery.reload === true) {
      if (this.#reloads.includes(before.id)) return undefined
      await this.#acquire(correctionIdentity(before.id))
      this.#reloads.push(before.id, ...(await correctionsOf(connection, before.id)))
      return undefined
    }
    if (!before.isInTarget) throw targetChanged(delivery.uri, table, before.id)
    return before
  }

  #lose(why: string): void {
    this.#lost = leaseLost(this.#options.delivery.uri, why)
    this.#options.connection.destroy()
  }

  async #haveContent(others: Others): Promise<boolean> {
    return others === sameContent || (others.content !== undefined && (await isHeld(this.#options.connection, others.content)))
  }

  /** With `whileRunning: "fail"`, only who loads the same content is in the way. */
  async #acquire({ lock }: Identity, others: Others = sameContent): Promise<void> {
    const { connection, control, context, delivery, whileRunning } = this.#options
    const since = performance.now()
    let looked = Number.NEGATIVE_INFINITY
    for (let told = false; ; told = true) {
      const { rows } = await connection.query("SELECT pg_try_advisory_xact_lock($1::bigint) AS held", [lock])
      if (rows[0]?.["held"] === true) return
      const { uri } = delivery
      if (control !== undefined && performance.now() - looked >= lookEveryMs) {
        looked = performance.now()
        const deposed = await deposeIfStale(control, lock)
        if (deposed !== undefined) context.logger.warn({ uri, run: deposed }, "took over from a run that gave no sign of life")
      }
      const isCrossed = this.#merges && performance.now() - since > crossedMs
      if (isCrossed) throw busy(uri, new Error("two loads of the same content would wait for each other"))
      if (whileRunning === "fail" && (await this.#haveContent(others))) throw busy(uri)
      if (!told) context.logger.info({ uri }, `${others.say}: waiting for it`)
      await wait(lockPauseMs * (0.5 + Math.random()), undefined, { signal: context.signal })
    }
  }
}

/** Whoever holds a lock. */
interface Others {
  /** What they do, for the log. */
  readonly say: string
  /** A lock that they hold too where they load the same content. */
  readonly content?: Identity | undefined
}

const sameContent: Others = { say: "another run is loading the same" }

async function isHeld(asker: Asker, { lock }: Identity): Promise<boolean> {
  const { rows } = await asker.query(
    `SELECT EXISTS (SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database
       WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 AND d.datname = current_database()
         AND ((l.classid::bigint << 32) | l.objid::bigint) = $1::bigint) AS held`,
    [lock],
  )
  return rows[0]?.["held"] === true
}

/** With a cause it is nobody's wish, and the delivery is tried again. */
function busy(uri: string, cause?: Error): RowgateError {
  return new RowgateError({
    code: "SINK_BUSY",
    message: `another run is loading ${uri}`,
    remedy: 'Run it again later, or wait for the other run with `whileRunning: "wait"`.',
    retryable: true,
    origin: { uri },
    cause,
  })
}
