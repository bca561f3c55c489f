import { setTimeout as wait } from "node:timers/promises"
import type { Context } from "../contract/context.ts"
import type { Delivery } from "../contract/delivery.ts"
import type { LoadCounts, SinkSession } from "../contract/sink.ts"
import { RowgateError } from "../errors/rowgate-error.ts"
import type { Batch } from "../model/batch.ts"
import type { Reject } from "../model/reject.ts"
import type { DeliveryReport } from "../model/run-report.ts"
import { TableBatch } from "../model/table-batch.ts"
import type { TableNotice } from "../model/table-facts.ts"
import { beginLoad, type ModeLoad } from "./begin-load.ts"
import { backendOf } from "./connection/backend.ts"
import type { Database } from "./connection/database.ts"
import type { LoadConnection } from "./connection/load-connection.ts"
import { SilentConnection } from "./connection/silent-connection.ts"
import { faultText, sinkError } from "./connection/sink-error.ts"
import { Savepoints } from "./copy/savepoints.ts"
import { Claim } from "./ledger/claim.ts"
import { commitAndVerify } from "./ledger/commit-outcome.ts"
import { type CommittedDelivery, emptyTargetText, isTableEmpty, targetEmptied } from "./ledger/committed-delivery.ts"
import type { ControlConnection } from "./ledger/control-connection.ts"
import { CorrectedRows } from "./ledger/corrected-rows.ts"
import { newerVersionRefusal, sequenceOf } from "./ledger/file-versions.ts"
import { leaseLost } from "./ledger/lease-lost.ts"
import { Redaction } from "./ledger/redaction.ts"
import { RejectLog } from "./ledger/reject-log.ts"
import { removeRowsOf } from "./ledger/reload.ts"
import { storeOutcome } from "./ledger/run-entry.ts"
import { takeClaim } from "./ledger/take-claim.ts"
import { type AnyLoadOptions, correctionMode } from "./load-modes.ts"
import { noHeartbeat, notDeleted, removalRefusal, unloggedTarget } from "./load-notices.ts"
import { historyInstant } from "./merge/history-instant.ts"
import { RefusedLog } from "./retain/refused-log.ts"
import type { TableLoadCounts } from "./table-load.ts"
import { batchColumnSpecs } from "./target/batch-column-specs.ts"
import { changeTable } from "./target/change-table.ts"
import { historyColumns } from "./target/history-columns.ts"
import { layout } from "./target/layout.ts"
import { createTargetTable, layoutOptions } from "./target/open-target.ts"
import { needsDdl, type TargetTable } from "./target/target-table.ts"

/** What a session needs of the sink that opens it. */
export interface LoadSessionOptions {
  readonly database: Database
  readonly connection: LoadConnection
  readonly control: ControlConnection | undefined
  readonly context: Context
  readonly delivery: Delivery
  readonly options: AnyLoadOptions
}

/** How long the end of a load that was called off may take on its own connection, before the line is cut. */
const rollbackGraceMs = 2_000
/** How long an abort waits for what is under way. */
const abortGraceMs = 1_000

/** One delivery in one transaction: claim, rows, rejects, score, the ledger's entry, COMMIT. */
export class LoadSession implements SinkSession<unknown> {
  readonly #on: LoadSessionOptions
  readonly #options: AnyLoadOptions
  readonly #redaction: Redaction
  readonly #rejects: RejectLog
  readonly #header = new Set<string>()
  #sequence: number | undefined
  readonly #savepoints: Savepoints
  readonly #refused = new RefusedLog()
  #table: TargetTable | undefined
  #claim: Claim | undefined
  #load: ModeLoad | undefined
  #layoutOf: string | undefined
  #loaded: TableLoadCounts = { loaded: 0, superseded: 0, skipped: 0, updated: 0, deleted: 0 }
  #ddl: readonly string[] = []
  #migrations: readonly string[] = []
  readonly #removed = new Set<string>()
  readonly #corrected: CorrectedRows | undefined
  #instant: string | undefined
  /** Rejected rows whose key cannot be read. */
  #unreadable = 0
  readonly #notices: TableNotice[] = []
  #over = false
  #ending = false
  #failure: unknown
  duplicateOf: string | undefined
  refusal: string | undefined

  private constructor(on: LoadSessionOptions) {
    this.#on = on
    this.#options = on.delivery.corrects === undefined ? on.options : correctionMode(on.options)
    this.#sequence = on.delivery.sequence
    this.#redaction = new Redaction(on.options, on.context.plan)
    this.#rejects = new RejectLog(on.delivery.id)
    this.#savepoints = new Savepoints(on.connection)
    this.#corrected = on.delivery.corrects && new CorrectedRows(on.delivery.corrects)
  }

  static async open(on: LoadSessionOptions): Promise<LoadSession> {
    const session = new LoadSession(on)
    on.context.signal.addEventListener("abort", session.#onAbort)
    try {
      await session.#guard(() => session.#begin())
      return session
    } catch (error) {
      await session[Symbol.asyncDispose]()
      throw error
    }
  }

  get notices(): readonly TableNotice[] {
    return this.#claim?.lacksHeartbeat === true ? [...this.#notices, noHeartbeat] : this.#notices
  }

  async write(batch: Batch<unknown>): Promise<void> {
    await this.#guard(async () => {
      const own = TableBatch.from(batch)
      // Rows that failed before anybody could say what columns they have, as `map` gives them: there is nothing to place.
      const isNameless = own.names.length === 0 && own.selection.size === 0 && this.#options.mode !== "delete-missing"
      // A table is made for rows that go into it. Before that, there is nothing in it either that rejects may stand for.
      const isNeeded = this.#table?.exists === true || own.selection.size > 0
      const { load, kept } = isNameless || !isNeeded ? { load: undefined, kept: undefined } : await this.#loadFor(own)
      for (const name of own.rawShape.names) this.#header.add(name)
      for (const row of own.rejected()) {
        this.#reject(this.#redaction.reject(own.reject(row)))
        kept?.add(own, row)
      }
      await this.#spillIfFull()
      await load?.write(own)
    })
  }

  settle(sha256: string): Promise<LoadCounts | { readonly duplicateOf: string }> {
    return this.#guard(async () => {
      await this.#load?.load.drain()
      // Before the merge, whose lock is the last one that a load takes.
      const duplicateOf = await this.#claim?.confirmContent(sha256)
      if (duplicateOf !== undefined) return { duplicateOf: await this.#duplicate(duplicateOf) }
      if (!this.#replacesByKey) await this.#removeReloaded()
      await this.#finishLoad()
      await this.#removeReloaded()
      const { loaded, superseded, skipped, updated, deleted } = this.#loaded
      // In a history a changed row is a version that ends and one that begins.
      const inserted = this.#options.mode === "scd2" ? loaded : loaded - updated
      const changes = { migrations: this.#migrations, ddl: this.#ddl, inserted, updated, deleted }
      const refusal = removalRefusal(this.#options, { loaded, rejected: this.#rejects.count, unreadable: this.#unreadable })
      return { loaded, superseded, skipped, refused: this.#refused, changes, refusal }
    })
  }

  commit(report: DeliveryReport): Promise<void> {
    return this.#guard(() => this.#end("committed", report))
  }

  refuse(report: DeliveryReport): Promise<void> {
    return this.#guard(async () => {
      await this.#load?.load.abandon()
      if (this.#on.delivery.dryRun || this.#claim === undefined) return
      await this.#on.connection.query("ROLLBACK TO SAVEPOINT rowgate_rows")
      await this.#end("refused", report)
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#rejects[Symbol.asyncDispose]()
    await this.#refused[Symbol.asyncDispose]()
    if (this.#over) return
    this.#over = true
    this.#on.context.signal.removeEventListener("abort", this.#onAbort)
    const left = await this.#leave()
    await this.#claim?.fail(this.#whyFailed(), left).catch((error: unknown) => {
      this.#on.context.logger.warn({ error: faultText(error) }, "the ledger could not be told that the load failed")
    })
  }

  /** For the ledger. What stands behind an abort, or failed outside of this sink, is not this load's to tell. */
  #whyFailed(): string {
    const isOurs = this.#failure !== undefined && !this.#on.context.signal.aborted
    return isOurs ? faultText(this.#failure) : "it was called off"
  }

  /** Whatever is being waited for, an abort must not wait for it long; but a COMMIT that was sent is seen through. */
  readonly #onAbort = () => {
    setTimeout(() => {
      if (!this.#over && !this.#ending && this.#on.connection.busy) this.#on.connection.destroy()
    }, abortGraceMs).unref()
  }

  async #begin(): Promise<void> {
    const { connection, delivery } = this.#on
    const { table, claim, ordered, migrations } = await takeClaim(this.#on, this.#options.mode ?? "append")
    this.#table = table
    this.#migrations = migrations
    if (table.unlogged) this.#notices.push(unloggedTarget(table))
    if (!(claim instanceof Claim)) {
      this.duplicateOf = await this.#duplicate(claim)
      return
    }
    await this.#corrected?.check(connection, delivery.pipeline, table)
    if (delivery.corrects !== undefined) this.#sequence = await sequenceOf(connection, delivery.corrects.delivery)
    else if (ordered) this.refusal = await newerVersionRefusal(connection, delivery, table)
    this.#claim = claim
    if (delivery.dryRun) claim.watch(await backendOf(connection))
    else await claim.enter()
    connection.markClaimed()
    if (!delivery.dryRun) await connection.query("SAVEPOINT rowgate_rows")
  }

  async #loadFor(batch: TableBatch<unknown>): Promise<ModeLoad> {
    const { connection, delivery } = this.#on
    const options = this.#options
    if (this.#table === undefined) throw new Error("rows came for a delivery that has no claim")
    if (!this.#table.exists) {
      const columns = delivery.columns.length > 0 ? delivery.columns : batchColumnSpecs(batch)
      const { table, ddl } = await createTargetTable(connection, this.#table, columns, options)
      this.#table = table
      this.#ddl = ddl
    }
    const key = JSON.stringify(batch.names)
    if (this.#load !== undefined && key === this.#layoutOf) return this.#load
    await this.#finishLoad()
    if (this.#layoutOf !== undefined && options.mode === "delete-missing") throw changedColumns(delivery.uri)
    if (!this.#replacesByKey) await this.#removeReloaded()
    if (this.#layoutOf === undefined && options.mode === "replace") await this.#empty(this.#table)
    this.#layoutOf = key
    this.#load = await beginLoad({
      connection,
      savepoints: this.#savepoints,
      target: this.#table,
      placed: layout(this.#table, batch.names, { ...layoutOptions(options), fileSequence: this.#sequence }),
      runId: delivery.id,
      refuse: (reject) => this.#refuse(reject),
      spillIfFull: () => this.#spillIfFull(),
      change: () => this.#change(),
      options,
      asOf: await this.#versionInstant(this.#table),
      dryRun: delivery.dryRun,
      lockMerges: () => this.#lockMerges(),
      reloadsLate: () => delivery.reload === true && this.#claim?.isSettled === false,
    })
    return this.#load
  }

  /** From when the versions of the delivery are valid: the caller's instant, else one that is later than all of the history. */
  async #versionInstant(table: TargetTable): Promise<string> {
    const { connection, context, delivery } = this.#on
    const history = historyColumns(this.#options)
    const isFree = history !== undefined && delivery.asOf === undefined && table.columns.has(history.validFrom)
    this.#instant ??= isFree
      ? await historyInstant(connection, table, history, context.asOf)
      : (delivery.asOf ?? context.asOf).toISOString()
    return this.#instant
  }

  /** A landing table may well have been drained since; but one that was emptied by mistake must not go unnoticed. */
  async #duplicate(before: CommittedDelivery): Promise<string> {
    const { connection, delivery, options } = this.#on
    const table = this.#table
    if (table?.exists === true && before.loaded > 0 && (await isTableEmpty(connection, table))) {
      if (options.onTargetEmpty === "refuse") throw targetEmptied(delivery.uri, table, before)
      this.#notices.push({ code: "target.empty", message: emptyTargetText(table, before) })
    }
    return before.id
  }

  async #change(): Promise<void> {
    const { connection, context, delivery } = this.#on
    const table = this.#table
    if (table === undefined || !needsDdl(table)) return
    this.#ddl = await changeTable(connection, table, delivery.columns, this.#options, context)
    this.#table = { ...table, changes: [] }
  }

  async #lockMerges(): Promise<void> {
    await this.#claim?.lockMerges()
  }

  async #empty({ sql }: TargetTable): Promise<void> {
    await this.#lockMerges()
    const { rowCount } = await this.#on.connection.query(`DELETE FROM ${sql}`)
    this.#loaded = { ...this.#loaded, deleted: this.#loaded.deleted + rowCount }
  }

  /** Whether rows that come again take over those of the earlier delivery. What is left of it then goes at the end, elsewhere all of it before. */
  get #replacesByKey(): boolean {
    return this.#options.mode === "upsert" || this.#options.mode === "delete-missing"
  }

  async #removeReloaded(): Promise<void> {
    const { connection } = this.#on
    const table = this.#table
    if (table?.exists !== true || this.#options.mode === "replace") return
    for (const run of this.#claim?.reloads ?? []) {
      if (this.#removed.has(run)) continue
      this.#removed.add(run)
      if ("key" in this.#options) await this.#lockMerges()
      const deleted = await removeRowsOf(connection, run, table, historyColumns(this.#options))
      this.#loaded = { ...this.#loaded, deleted: this.#loaded.deleted + deleted }
    }
  }

  #reject(reject: Reject): void {
    this.#rejects.add(reject, this.#corrected?.rejectedAgain(reject.origin.row))
  }

  #refuse(refused: Reject): void {
    const reject = this.#redaction.reject(refused)
    this.#refused.add(reject)
    this.#reject(reject)
  }

  async #spillIfFull(): Promise<void> {
    await this.#rejects.spillIfFull()
    await this.#refused.spillIfFull()
    await this.#load?.kept?.spillIfFull()
  }

  async #finishLoad(): Promise<void> {
    if (this.#load === undefined) return
    const { load, kept } = this.#load
    const done = await load.finish()
    this.#load = undefined
    if (kept !== undefined && kept.unreadable > 0) {
      this.#unreadable += kept.unreadable
      this.#notices.push(notDeleted(kept.unreadable))
    }
    const before = this.#loaded
    this.#loaded = {
      loaded: before.loaded + done.loaded,
      superseded: before.superseded + done.superseded,
      skipped: before.skipped + done.skipped,
      updated: before.updated + done.updated,
      deleted: before.deleted + done.deleted,
    }
  }

  async #end(status: "committed" | "refused", report: DeliveryReport): Promise<void> {
    const { connection } = this.#on
    const claim = this.#claim
    if (claim === undefined) throw new Error("a load without a claim cannot end")
    await this.#rejects.store(connection)
    await storeOutcome(connection, status, report)
    if (status === "committed") await this.#corrected?.link(connection, report.deliveryId)
    const { pid } = await backendOf(connection)
    const deleted = status === "committed" ? this.#loaded.deleted : 0
    const table = this.#table
    if (table === undefined) throw new Error("a load without a table cannot end")
    const extras = {
      deleted,
      header: [...this.#header],
      rejectDays: this.#options.rejectDays,
      targetSql: table.sql,
      lineage: this.#options.lineage === true,
      asOf: this.#instant ?? this.#on.context.asOf.toISOString(),
    }
    const transactionId = await claim.finish(status, report, extras)
    this.#ending = true
    await commitAndVerify(this.#on.database, connection, { runId: report.deliveryId, token: claim.token, status, transactionId, pid })
    this.#over = true
    this.#on.context.signal.removeEventListener("abort", this.#onAbort)
    claim.release()
    connection.release()
  }

  /** Gives the transaction up. The line is cut, and the answer is false, where the server does not answer in good time. */
  async #leave(): Promise<boolean> {
    const { connection } = this.#on
    const farewell = (async () => {
      await this.#load?.load.abandon()
      await connection.query("ROLLBACK")
      connection.release()
      return true
    })().catch(() => false)
    const left = await Promise.race([farewell, wait(rollbackGraceMs, false, { ref: false })])
    if (left) return true
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
      this.#on.context.signal.throwIfAborted()
      this.#claim?.check()
      if (error instanceof SilentConnection) throw leaseLost(this.#on.delivery.uri, error.message)
      throw sinkError(error, this.#on.database.name)
    }
  }
}

function changedColumns(uri: string): RowgateError {
  return new RowgateError({
    code: "SINK_SCHEMA_MISMATCH",
    message: "the file has tables with different columns, and what is missing cannot be told for a part of them",
    remedy: "Load each table by a pipeline of its own.",
    origin: { uri },
  })
}
