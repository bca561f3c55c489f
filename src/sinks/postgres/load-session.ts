import { setTimeout as wait } from "node:timers/promises"
import type { Context } from "../../contract/context.ts"
import type { Delivery } from "../../contract/delivery.ts"
import type { LoadCounts, SinkSession } from "../../contract/sink.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"
import type { Batch } from "../../model/batch.ts"
import type { ColumnSpec } from "../../model/column-spec.ts"
import type { Reject } from "../../model/reject.ts"
import type { DeliveryReport } from "../../model/run-report.ts"
import { TableBatch } from "../../model/table-batch.ts"
import type { Connection } from "./database.ts"
import { contentIdentity, fileIdentity, type Identity, targetIdentity } from "./ledger/identity.ts"
import { committedRun, enterRun, finishRun, keepOutcome } from "./ledger/ledger.ts"
import { RejectLog } from "./ledger/reject-log.ts"
import { Savepoints } from "./load/savepoints.ts"
import type { Loaded } from "./load/table-load.ts"
import { type AnyLoadOptions, beginLoad, isExclusive, type ModeLoad } from "./load-mode.ts"
import { sinkError } from "./sink-error.ts"
import { databaseName, lineageColumns } from "./target/column-names.ts"
import { createTableSql } from "./target/create-table.ts"
import { type LayoutOptions, layout } from "./target/layout.ts"
import { specsOf } from "./target/specs-of.ts"
import { namedTable, type TargetTable, targetTable } from "./target/target-table.ts"

/** What a session needs of the sink that opens it. */
export interface LoadSessionOptions {
  readonly connection: Connection
  readonly context: Context
  readonly delivery: Delivery
  readonly options: AnyLoadOptions
  /** How messages call the database. */
  readonly name: string
}

/** One delivery in one transaction: claim, rows, rejects, score, the ledger's entry, COMMIT. */
export class LoadSession implements SinkSession<unknown> {
  readonly #connection: Connection
  readonly #context: Context
  readonly #delivery: Delivery
  readonly #options: AnyLoadOptions
  readonly #name: string
  readonly #rejects: RejectLog
  #table: TargetTable | undefined
  #load: ModeLoad | undefined
  #loaded: Loaded = { loaded: 0, superseded: 0, skipped: 0, deleted: 0 }
  readonly #refused: Reject[] = []
  readonly #savepoints: Savepoints
  #layoutOf: string | undefined
  #identity: Identity | undefined
  #token = ""
  #over = false
  duplicateOf: string | undefined

  private constructor({ connection, context, delivery, options, name }: LoadSessionOptions) {
    this.#connection = connection
    this.#context = context
    this.#delivery = delivery
    this.#options = options
    this.#name = name
    this.#rejects = new RejectLog(delivery.id, options.redact)
    this.#savepoints = new Savepoints(connection)
  }

  static async open(options: LoadSessionOptions): Promise<LoadSession> {
    const session = new LoadSession(options)
    try {
      await session.#guard(() => session.#begin())
      return session
    } catch (error) {
      await session[Symbol.asyncDispose]()
      throw error
    }
  }

  async write(batch: Batch<unknown>): Promise<void> {
    await this.#guard(async () => {
      this.#context.signal.throwIfAborted()
      const own = TableBatch.from(batch)
      const { load, kept } = await this.#loadFor(own)
      for (const row of own.rejected()) {
        this.#rejects.add(own.reject(row))
        kept?.add(own, row)
      }
      await this.#rejects.relieve()
      await load.write(own)
    })
  }

  settle(sha256: string): Promise<LoadCounts | { readonly duplicateOf: string }> {
    return this.#guard(async () => {
      await this.#finishLoad()
      const duplicateOf = await this.#claimContent(sha256)
      if (duplicateOf !== undefined) return { duplicateOf }
      const { loaded, superseded, skipped } = this.#loaded
      return { loaded, superseded, skipped, refused: this.#refused }
    })
  }

  commit(report: DeliveryReport): Promise<void> {
    return this.#guard(() => this.#end("committed", report))
  }

  refuse(report: DeliveryReport): Promise<void> {
    return this.#guard(async () => {
      await this.#load?.load.abandon()
      if (report.outcome === "dry") return
      await this.#connection.query("ROLLBACK TO SAVEPOINT rowgate_rows")
      await this.#end("refused", report)
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#rejects[Symbol.asyncDispose]()
    if (this.#over) return
    this.#over = true
    try {
      await this.#load?.load.abandon()
      await this.#connection.query("ROLLBACK")
      this.#connection.release()
    } catch {
      this.#connection.release(true)
    }
  }

  async #begin(): Promise<void> {
    this.#table = await this.#findTable()
    await this.#connection.query("BEGIN")
    // Dates as text are read by the order of their parts or not at all, and an instant without a zone is UTC.
    await this.#connection.query("SELECT set_config('timezone', 'UTC', true), set_config('datestyle', 'ISO, YMD', true)")
    await this.#connection.query("SET CONSTRAINTS ALL IMMEDIATE")
    if (this.#table === undefined) return
    await this.#claim(this.#table)
  }

  /** Undefined where the table must wait for the first batch, since nothing declares its columns. */
  async #findTable(): Promise<TargetTable | undefined> {
    const { columns } = this.#delivery
    const named = namedTable(this.#options.table, this.#options.schema)
    const found = await targetTable(this.#connection, named)
    if (found !== undefined) {
      if (columns.length > 0) layout(found, names(columns), this.#layoutOptions())
      return found
    }
    if (this.#options.createTable !== true) {
      throw new RowgateError({
        code: "SINK_SCHEMA_MISMATCH",
        message: `${this.#name} has no table ${named}`,
        remedy: "Create the table, or let the sink make it with `createTable: true`.",
        origin: { table: this.#options.table },
      })
    }
    return columns.length > 0 ? await this.#makeTable(columns) : undefined
  }

  /** In a history, the columns of validity are filled by the load itself. */
  #layoutOptions(): LayoutOptions {
    const options = this.#options
    const { naming, columns, quality, lineage } = options
    const filled = options.mode === "scd2" ? [options.validFrom ?? "valid_from", options.validTo ?? "valid_to"] : []
    return { naming, columns, quality, lineage, filled }
  }

  async #makeTable(columns: readonly ColumnSpec[]): Promise<TargetTable> {
    const named = namedTable(this.#options.table, this.#options.schema)
    const { quality, lineage } = this.#options
    const specs = columns.map((column) => ({ ...column, name: databaseName(column.name, this.#options) }))
    if (quality !== undefined) specs.push({ name: quality, kind: "number", nullable: true })
    if (lineage === true) specs.push(...lineageColumns.map((column) => ({ ...column, nullable: true })))
    await this.#connection.query(createTableSql(named, specs))
    const made = await targetTable(this.#connection, named)
    if (made === undefined) throw new Error(`the table ${named} was made and is not there`)
    return made
  }

  async #loadFor(batch: TableBatch<unknown>): Promise<ModeLoad> {
    if (this.#table === undefined) {
      this.#table = await this.#makeTable(specsOf(batch))
      await this.#claim(this.#table)
    }
    const key = JSON.stringify(batch.names)
    if (this.#load !== undefined && key === this.#layoutOf) return this.#load
    await this.#finishLoad()
    if (this.#layoutOf !== undefined && this.#options.mode === "delete-missing") throw changedColumns(this.#delivery.uri)
    if (this.#layoutOf === undefined && this.#options.mode === "replace") await this.#connection.query(`DELETE FROM ${this.#table.sql}`)
    this.#layoutOf = key
    this.#load = await beginLoad({
      connection: this.#connection,
      savepoints: this.#savepoints,
      target: this.#table,
      placed: layout(this.#table, batch.names, this.#layoutOptions()),
      runId: this.#delivery.id,
      refuse: (reject) => this.#refuse(reject),
      options: this.#options,
      asOf: this.#context.asOf,
    })
    return this.#load
  }

  async #finishLoad(): Promise<void> {
    if (this.#load === undefined) return
    const { load, kept } = this.#load
    const done = await load.finish()
    this.#load = undefined
    if (kept !== undefined && kept.unreadable > 0) {
      const { uri } = this.#delivery
      this.#context.logger.warn(
        { uri, rows: kept.unreadable },
        "nothing was removed from the table: rejected rows have keys that cannot be read",
      )
    }
    const before = this.#loaded
    this.#loaded = {
      loaded: before.loaded + done.loaded,
      superseded: before.superseded + done.superseded,
      skipped: before.skipped + done.skipped,
      deleted: before.deleted + done.deleted,
    }
  }

  #refuse(reject: Reject): void {
    this.#refused.push(reject)
    this.#rejects.add(reject)
  }

  async #claim(table: TargetTable): Promise<void> {
    const { sha256 } = this.#delivery
    const { onSameContent = "skip" } = this.#options
    this.#identity = sha256 === undefined ? undefined : contentIdentity(this.#delivery, table, sha256, onSameContent)
    // Before the lock of the content, in every load: who holds the one never waits for the other.
    if (isExclusive(this.#options)) await this.#lock(targetIdentity(table))
    await this.#lock(this.#identity ?? fileIdentity(this.#delivery, table))
    if (this.#identity !== undefined) this.duplicateOf = await committedRun(this.#connection, this.#identity.hash)
    if (this.duplicateOf !== undefined || this.#delivery.dryRun) return
    this.#token = await enterRun(this.#connection, {
      delivery: this.#delivery,
      invocation: this.#context.runId,
      target: `${table.schema}.${table.table}`,
      mode: this.#options.mode ?? "append",
      identity: this.#identity?.hash,
    })
    await this.#connection.query("SAVEPOINT rowgate_rows")
  }

  async #claimContent(sha256: string): Promise<string | undefined> {
    if (this.#identity !== undefined || this.#table === undefined) return undefined
    const identity = contentIdentity(this.#delivery, this.#table, sha256, this.#options.onSameContent ?? "skip")
    await this.#lock(identity)
    this.#identity = identity
    return await committedRun(this.#connection, identity.hash)
  }

  async #lock({ lock }: Identity): Promise<void> {
    for (let told = false; ; ) {
      const { rows } = await this.#connection.query("SELECT pg_try_advisory_xact_lock($1::bigint) AS held", [lock])
      if (rows[0]?.["held"] === true) return
      const { uri } = this.#delivery
      if (this.#options.whileRunning === "fail") {
        throw new RowgateError({
          code: "SINK_BUSY",
          message: `another run is loading ${uri}`,
          remedy: 'Run it again later, or wait for the other run with `whileRunning: "wait"`.',
          retryable: true,
          origin: { uri },
        })
      }
      if (!told) this.#context.logger.info({ uri }, "another run is loading the same file: waiting for it")
      told = true
      await wait(50, undefined, { signal: this.#context.signal })
    }
  }

  async #end(status: "committed" | "refused", report: DeliveryReport): Promise<void> {
    const { sha256 } = report
    await this.#rejects.store(this.#connection)
    await keepOutcome(this.#connection, status, report)
    if (this.#table !== undefined) {
      const identity = this.#identity ?? contentIdentity(this.#delivery, this.#table, sha256, this.#options.onSameContent ?? "skip")
      await finishRun(this.#connection, { status, token: this.#token, identity: identity.hash, report })
    }
    await this.#connection.query("COMMIT")
    this.#over = true
    this.#connection.release()
  }

  async #guard<R>(work: () => Promise<R>): Promise<R> {
    try {
      return await work()
    } catch (error) {
      this.#context.signal.throwIfAborted()
      throw sinkError(error, this.#name)
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

function names(columns: readonly ColumnSpec[]): string[] {
  return columns.map(({ name }) => name)
}
