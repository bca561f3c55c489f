import { setTimeout as wait } from "node:timers/promises"
import type { Context } from "../contract/context.ts"
import type { Delivery } from "../contract/delivery.ts"
import type { LoadCounts, SinkSession, StagedParts } from "../contract/sink.ts"
import { RowgateError } from "../errors/rowgate-error.ts"
import type { Batch } from "../model/batch.ts"
import type { ColumnProfile, EarlierDelivery } from "../model/column-profile.ts"
import type { DeliveryReport } from "../model/run-report.ts"
import { TableBatch } from "../model/table-batch.ts"
import type { TableNotice } from "../model/table-facts.ts"
import { backendOf } from "./connection/backend.ts"
import type { Database } from "./connection/database.ts"
import type { LoadConnection } from "./connection/load-connection.ts"
import { SilentConnection } from "./connection/silent-connection.ts"
import { faultText, sinkError } from "./connection/sink-error.ts"
import { DeliveryRows } from "./delivery-rows.ts"
import { Claim } from "./ledger/claim.ts"
import { commitAndVerify } from "./ledger/commit-outcome.ts"
import { type CommittedDelivery, emptyTargetText, isTableEmpty, targetEmptied } from "./ledger/committed-delivery.ts"
import type { ControlConnection } from "./ledger/control-connection.ts"
import type { CorrectedRows } from "./ledger/corrected-rows.ts"
import { deliveryHistory, storeProfile } from "./ledger/delivery-history.ts"
import { newerVersionRefusal, sequenceOf } from "./ledger/file-versions.ts"
import { storeFollowUps } from "./ledger/follow-ups.ts"
import { leaseLost } from "./ledger/lease-lost.ts"
import { Redaction } from "./ledger/redaction.ts"
import { refusedReport, storeScore } from "./ledger/run-entry.ts"
import { takeClaim } from "./ledger/take-claim.ts"
import { unquotedReport } from "./ledger/unquoted-report.ts"
import { type AnyLoadOptions, correctionMode } from "./load-modes.ts"
import { doubtfulNames, noHeartbeat, notDeleted, openRejects, renamed, unloggedTarget } from "./load-notices.ts"
import { LoadRejects } from "./load-rejects.ts"
import type { TargetTable } from "./target/target-table.ts"

/** What a session needs of the sink that opens it. */
export interface LoadSessionOptions {
  readonly database: Database
  readonly connection: LoadConnection
  readonly control: ControlConnection | undefined
  readonly context: Context
  readonly delivery: Delivery
  readonly options: AnyLoadOptions
}

/** How long the rollback of an abandoned load may take before its connection is cut. */
const rollbackGraceMs = 2_000
/** How long an abort waits for the statement under way. */
export const abortGraceMs = 1_000

/** One delivery in one transaction: the claim, the rows, the rejects, the score, the entry in the ledger, COMMIT. */
export class LoadSession implements SinkSession<unknown> {
  readonly #on: LoadSessionOptions
  readonly #options: AnyLoadOptions
  readonly #corrected: CorrectedRows | undefined
  readonly #rejects: LoadRejects
  #claim: Claim | undefined
  #rows: DeliveryRows | undefined
  #migrations: readonly string[] = []
  readonly #notices: TableNotice[] = []
  #isOver = false
  #hasParts = false
  #profile: readonly ColumnProfile[] = []
  #isCommitting = false
  #failure: unknown
  /** Whether the failure is an error of the database. */
  #isOwnFailure = false
  duplicateOf: string | undefined
  refused: DeliveryReport | undefined
  refusal: string | undefined

  private constructor(on: LoadSessionOptions, corrected: CorrectedRows | undefined) {
    const { delivery, options, context } = on
    this.#on = on
    this.#options = delivery.corrects === undefined ? options : correctionMode(options)
    this.#corrected = corrected
    this.#rejects = new LoadRejects(delivery.id, new Redaction(options, context.plan), this.#corrected)
  }

  static async open(on: LoadSessionOptions): Promise<LoadSession> {
    const { corrects } = on.delivery
    const session = new LoadSession(on, corrects && new (await import("./ledger/corrected-rows.ts")).CorrectedRows(corrects))
    on.context.signal.addEventListener("abort", session.#onAbort)
    try {
      await session.#guard(() => session.#begin())
      return session
    } catch (error) {
      await session[Symbol.asyncDispose]()
      throw error
    }
  }

  /** A line above the table may hold cells of any column. */
  redact(report: DeliveryReport): DeliveryReport {
    return (this.#options.redact ?? []).length === 0 ? report : unquotedReport(report)
  }

  get notices(): readonly TableNotice[] {
    const notices = [...this.#notices]
    const unreadable = this.#rows?.unreadableKeys ?? 0
    if (unreadable > 0 && "onUnreadableKey" in this.#options && this.#options.onUnreadableKey === "keep")
      notices.push(notDeleted(unreadable))
    if (this.#rows !== undefined) {
      const renaming = renamed(this.#rows.table, this.#options)
      if (renaming !== undefined) notices.push(renaming)
      notices.push(...doubtfulNames(this.#rows.table, this.#options), ...this.#rows.notices)
    }
    if (this.#claim?.lacksHeartbeat === true) notices.push(noHeartbeat)
    return notices
  }

  async write(batch: Batch<unknown>): Promise<void> {
    await this.#guard(() => this.#claimedRows.write(TableBatch.from(batch)))
  }

  adopt(parts: StagedParts): Promise<void> {
    this.#hasParts = true
    return this.#guard(() => this.#claimedRows.adopt(parts))
  }

  settle(sha256: string): Promise<LoadCounts | { readonly duplicateOf: string }> {
    return this.#guard(async () => {
      const rows = this.#claimedRows
      await rows.drain()
      // Before the merge: its lock is the last one that a load takes.
      const before = await this.#claim?.confirmContent(sha256)
      if (before !== undefined) {
        const duplicateOf = await this.#duplicate(before, rows.table)
        await this.#followDuplicate(duplicateOf)
        return { duplicateOf }
      }
      return rows.finish(this.#migrations)
    })
  }

  history(most: number): Promise<readonly EarlierDelivery[]> {
    const { connection, delivery } = this.#on
    const { schema, table } = this.#claimedRows.table
    return this.#guard(() => deliveryHistory(connection, delivery, `${schema}.${table}`, most))
  }

  keepProfile(columns: readonly ColumnProfile[]): void {
    this.#profile = columns
  }

  commit(report: DeliveryReport): Promise<void> {
    return this.#guard(() => this.#end("committed", report))
  }

  refuse(report: DeliveryReport): Promise<void> {
    return this.#guard(async () => {
      await this.#rows?.abandon()
      if (this.#on.delivery.dryRun || this.#claim === undefined) return
      await this.#on.connection.query("ROLLBACK TO SAVEPOINT rowgate_rows")
      await this.#end("refused", report)
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#rejects[Symbol.asyncDispose]()
    if (this.#isOver) return
    this.#isOver = true
    this.#on.context.signal.removeEventListener("abort", this.#onAbort)
    const isRolledBack = await this.#rollBack()
    await this.#claim?.fail(this.#failureText(), isRolledBack).catch((error: unknown) => {
      this.#on.context.logger.warn({ error: faultText(error) }, "could not record in the ledger that the load failed")
    })
  }

  fail(error: unknown): void {
    this.#failure ??= error
  }

  /** For the ledger. Errors of stages and parsers of users may quote a row, so only their names are kept. */
  #failureText(): string {
    const { aborted, reason } = this.#on.context.signal
    const failure: unknown = aborted ? reason : this.#failure
    if (failure instanceof RowgateError) return failure.message
    if (aborted || failure === undefined) return "the run was aborted"
    return this.#isOwnFailure
      ? faultText(failure)
      : `the run failed with ${failure instanceof Error ? failure.name : "a value that is not an error"}`
  }

  /** An abort does not wait long for the database. It does wait for a COMMIT that was sent. */
  readonly #onAbort = () => {
    setTimeout(() => {
      if (!this.#isOver && !this.#isCommitting && this.#on.connection.busy) this.#on.connection.destroy()
    }, abortGraceMs).unref()
  }

  get #claimedRows(): DeliveryRows {
    if (this.#rows === undefined) throw new Error("the delivery has no claim")
    return this.#rows
  }

  async #begin(): Promise<void> {
    const { connection, delivery, context } = this.#on
    const { table, claim, ordered, migrations } = await takeClaim(this.#on, this.#options.mode ?? "append")
    this.#migrations = migrations
    if (table.unlogged) this.#notices.push(unloggedTarget(table))
    if (!(claim instanceof Claim)) {
      this.duplicateOf = await this.#duplicate(claim, table)
      await this.#followDuplicate(claim.id)
      return
    }
    // The process of a load may end before it passes its answer on.
    if (!delivery.dryRun) this.refused = await refusedReport(connection, delivery.id)
    if (this.refused !== undefined) return
    await this.#corrected?.check(connection, delivery.pipeline, table)
    let { sequence } = delivery
    if (delivery.corrects !== undefined) sequence = await sequenceOf(connection, delivery.corrects.delivery)
    else if (ordered) this.refusal = await newerVersionRefusal(connection, delivery, table)
    this.#claim = claim
    this.#rows = new DeliveryRows({ connection, context, delivery, options: this.#options, claim, table, sequence, rejects: this.#rejects })
    if (delivery.dryRun) claim.watch(await backendOf(connection))
    else await claim.enter()
    connection.markClaimed()
    if (!delivery.dryRun) await connection.query("SAVEPOINT rowgate_rows")
  }

  /** A landing table may rightly be empty by now, but a table that was emptied by mistake must not go unnoticed. */
  async #duplicate(before: CommittedDelivery, table: TargetTable): Promise<string> {
    const { connection, delivery, options } = this.#on
    if (table.exists && before.loaded > 0 && (await isTableEmpty(connection, table))) {
      if (options.onTargetEmpty === "refuse") throw targetEmptied(delivery.uri, table, before)
      this.#notices.push({ code: "target.empty", message: emptyTargetText(table, before) })
    }
    if (before.open > 0 && delivery.corrects === undefined) this.#notices.push(openRejects(before))
    return before.id
  }

  /** Undoes the transaction and writes the follow-ups on their own. The earlier delivery wrote its own ones, even if this is it, called again. */
  async #followDuplicate(before: string): Promise<void> {
    const { connection, delivery } = this.#on
    if (delivery.dryRun || delivery.after === undefined || before === delivery.id) return
    await connection.query("ROLLBACK")
    await storeFollowUps(connection, delivery, before, "duplicate")
  }

  async #end(status: "committed" | "refused", report: DeliveryReport): Promise<void> {
    const { connection, database, context } = this.#on
    const claim = this.#claim
    if (claim === undefined) throw new Error("a load without a claim cannot end")
    const { table, deleted, asOf } = this.#claimedRows
    await this.#rejects.store(connection)
    await storeScore(connection, report)
    if (status === "committed") {
      await storeProfile(connection, report.deliveryId, this.#profile)
      await this.#corrected?.link(connection, report.deliveryId)
    }
    await storeFollowUps(connection, this.#on.delivery, report.deliveryId, status)
    if (this.#hasParts) await (await import("./parts/staging-table.ts")).dropStaging(connection, report.deliveryId)
    const { pid } = await backendOf(connection)
    const transactionId = await claim.finish(status, report, {
      deleted: status === "committed" ? deleted : 0,
      header: this.#rejects.header,
      rejectDays: this.#options.rejectDays,
      targetSql: table.sql,
      lineage: this.#options.lineage === true,
      asOf,
    })
    this.#isCommitting = true
    await commitAndVerify(database, connection, { runId: report.deliveryId, token: claim.token, status, transactionId, pid })
    this.#isOver = true
    context.signal.removeEventListener("abort", this.#onAbort)
    claim.release()
    connection.release()
  }

  /** False if the server did not answer in time and the connection was cut. */
  async #rollBack(): Promise<boolean> {
    const { connection } = this.#on
    const rollback = (async () => {
      await this.#rows?.abandon()
      await connection.query("ROLLBACK")
      connection.release()
      return true
    })().catch(() => false)
    const isRolledBack = await Promise.race([rollback, wait(rollbackGraceMs, false, { ref: false })])
    if (isRolledBack) return true
    connection.destroy()
    connection.release(true)
    return false
  }

  async #guard<R>(work: () => Promise<R>): Promise<R> {
    try {
      this.#on.context.signal.throwIfAborted()
      this.#claim?.check()
      return await work()
    } catch (error) {
      this.#failure = error
      this.#isOwnFailure = true
      this.#on.context.signal.throwIfAborted()
      this.#claim?.check()
      if (error instanceof SilentConnection) throw leaseLost(this.#on.delivery.uri, error.message)
      throw sinkError(error, this.#on.database.name)
    }
  }
}
