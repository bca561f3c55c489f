import type { Context } from "../contract/context.ts"
import type { Delivery } from "../contract/delivery.ts"
import type { LoadCounts, StagedParts } from "../contract/sink.ts"
import { RowgateError } from "../errors/rowgate-error.ts"
import type { ColumnSpec } from "../model/column-spec.ts"
import type { Issue } from "../model/issue.ts"
import type { TableBatch } from "../model/table-batch.ts"
import type { TableNotice } from "../model/table-facts.ts"
import { beginLoad, type ModeLoad } from "./begin-load.ts"
import type { LoadConnection } from "./connection/load-connection.ts"
import { Savepoints } from "./copy/savepoints.ts"
import type { Claim } from "./ledger/claim.ts"
import { type AnyLoadOptions, mayChangeTable } from "./load-modes.ts"
import { evolved, removalRefusal, unfilled } from "./load-notices.ts"
import type { LoadRejects } from "./load-rejects.ts"
import type { AdoptedRows } from "./parts/adopted-rows.ts"
import { addCounts, noCounts, type TableLoadCounts } from "./table-load.ts"
import { changeTable, type TableChanges } from "./target/change-table.ts"
import { withNames } from "./target/column-names.ts"
import { historyColumns } from "./target/history-columns.ts"
import { guessedTexts, layout } from "./target/layout.ts"
import { newTableSpecs } from "./target/new-table-specs.ts"
import { createTargetTable, layoutOptions, openTarget } from "./target/open-target.ts"
import { SurplusColumns } from "./target/surplus-columns.ts"
import { needsDdl, type TargetTable } from "./target/target-table.ts"

/** What the rows of a delivery need on their way into the table. */
export interface DeliveryRowsOptions {
  readonly connection: LoadConnection
  readonly context: Context
  readonly delivery: Delivery
  readonly options: AnyLoadOptions
  readonly claim: Claim
  readonly table: TargetTable
  /** The sequence of the file's version. */
  readonly sequence: number | undefined
  readonly rejects: LoadRejects
}

/** The rows of one delivery on their way into the table, within the transaction of the load. Creates or changes the table if the options say so. */
export class DeliveryRows {
  readonly #on: DeliveryRowsOptions
  readonly #savepoints: Savepoints
  #table: TargetTable
  /** Columns that the table has been fitted to. */
  #columns: readonly ColumnSpec[]
  #load: ModeLoad | undefined
  /** Column names of the rows that are being loaded. */
  #columnNames: string | undefined
  #counts: TableLoadCounts = noCounts
  #ddl: readonly string[] = []
  /** Deliveries whose rows this one has removed, to load them again. */
  readonly #removed = new Set<string>()
  #validFrom: string | undefined
  #hasAdopted = false
  readonly #surplus: SurplusColumns
  /** What evolving changed in the table. */
  #changes: TableChanges = { ddl: [], added: [], widened: [] }
  /** Columns of the table that rows had values for. */
  readonly #filled = new Set<string>()
  #unreadableKeys = 0

  constructor(on: DeliveryRowsOptions) {
    this.#on = on
    this.#table = on.table
    this.#columns = on.delivery.columns
    this.#savepoints = new Savepoints(on.connection)
    this.#surplus = new SurplusColumns(on.options)
  }

  get table(): TargetTable {
    return this.#table
  }

  /** Rows that were removed from the table. */
  get deleted(): number {
    return this.#counts.deleted
  }

  /** Rejected rows whose key could not be read, which kept `delete-missing` from removing anything. */
  get unreadableKeys(): number {
    return this.#unreadableKeys
  }

  /** The instant that the delivery was judged by, or from which its versions are valid. ISO 8601. */
  get asOf(): string {
    return this.#validFrom ?? this.#on.context.asOf.toISOString()
  }

  /** What a reader of the report should know about the columns. */
  get notices(): readonly TableNotice[] {
    const { delivery, options } = this.#on
    const surplus = [...this.#surplus.names, ...this.#changes.added.map(({ name }) => name)]
    const lacking = unfilled(this.#table, { declared: delivery.columns, options, filled: this.#filled, surplus })
    return [...this.#surplus.notices(this.#table), ...lacking]
  }

  async write(batch: TableBatch<unknown>): Promise<void> {
    const { rejects, delivery } = this.#on
    if (this.#hasAdopted && batch.selection.size > 0) throw stagedAlready(delivery.uri)
    const refused: (readonly [row: number, issues: readonly Issue[]])[] = []
    const taken = this.#surplus.without(batch, this.#table, (row, issues) => refused.push([row, issues]))
    const { load, kept } = this.#needsLoad(taken) ? await this.#loadFor(taken) : { load: undefined, kept: undefined }
    rejects.addRejected(batch)
    for (const [row, issues] of refused) rejects.addRefused(batch.reject(row, issues))
    if (kept !== undefined) for (const row of [...taken.rejected(), ...refused.map(([row]) => row)]) kept.add(taken, row)
    await this.#spillIfFull()
    await load?.write(taken)
  }

  /** Takes the rows that were staged in parts. Call it before `write`. */
  async adopt(parts: StagedParts): Promise<void> {
    const { connection, delivery, rejects } = this.#on
    if (this.#columnNames !== undefined) throw new Error("parts are adopted before the first row is written")
    this.#hasAdopted = true
    const { AdoptedRows } = await import("./parts/adopted-rows.ts")
    const adopted = await AdoptedRows.of(connection, delivery, parts)
    if (adopted === undefined) return
    await this.#fitTable(adopted.specs)
    const { kept } = await this.#beginLoad(adopted.columns, adopted)
    for await (const { batch, row, issues } of adopted.refused()) {
      rejects.addRefused(batch.reject(row, issues))
      kept?.add(batch, row)
      await this.#spillIfFull()
    }
  }

  /** Ends the COPY under way, so that the connection takes other statements. */
  async drain(): Promise<void> {
    await this.#load?.load.drain()
  }

  /** After the last batch: every row is in the table, or was refused. */
  async finish(migrations: readonly string[]): Promise<LoadCounts> {
    const { options, rejects } = this.#on
    if (!this.#replacesByKey) await this.#removeReloadedRows()
    await this.#finishLoad()
    await this.#removeReloadedRows()
    const { loaded, superseded, skipped, updated, deleted } = this.#counts
    // In a history, a changed row is one version that ends and another one that begins.
    const inserted = options.mode === "scd2" ? loaded : loaded - updated
    const changes = { migrations, ddl: this.#ddl, inserted, updated, deleted }
    const refusal = removalRefusal(options, { loaded, rejected: rejects.count, unreadable: this.#unreadableKeys })
    const committed = evolved(this.#table, this.#changes)
    return { loaded, superseded, skipped, refused: rejects.refused, changes, refusal, committed }
  }

  async abandon(): Promise<void> {
    await this.#load?.load.abandon()
  }

  #needsLoad({ names, selection }: TableBatch<unknown>): boolean {
    // Rows that failed before their columns were known, as in `map`, cannot be placed.
    if (names.length === 0 && selection.size === 0 && this.#on.options.mode !== "delete-missing") return false
    // Only rows that pass create the table. Before that, it has no row that a reject could stand for.
    return this.#table.exists || selection.size > 0
  }

  async #loadFor(batch: TableBatch<unknown>): Promise<ModeLoad> {
    const { context, delivery } = this.#on
    if (this.#load !== undefined && this.#hasAdopted) return this.#load
    if (this.#load !== undefined && JSON.stringify(batch.names) === this.#columnNames) return this.#load
    await this.#fitTable(newTableSpecs(delivery.columns, batch, context.plan))
    return this.#beginLoad(batch.names)
  }

  /** Makes a place for the columns of the rows, if the options allow it. Rows may have columns that the pipeline does not declare. */
  async #fitTable(columns: readonly ColumnSpec[]): Promise<void> {
    const { connection, options, claim } = this.#on
    if (!this.#table.exists) return this.#createTable(columns)
    const known = new Set(this.#columns.map(({ name }) => name))
    if (!mayChangeTable(options) || columns.every(({ name }) => known.has(name))) return
    this.#columns = columns
    this.#table = await openTarget(connection, columns, options)
    if (!needsDdl(this.#table)) return
    // Loads that hold rows of the table would wait for each other. The one before may also have added the columns.
    await claim.lockMerges()
    this.#table = await openTarget(connection, columns, options)
  }

  async #createTable(columns: readonly ColumnSpec[]): Promise<void> {
    const { connection, options } = this.#on
    const { table, ddl } = await createTargetTable(connection, this.#table, columns, options)
    this.#table = table
    this.#ddl = ddl
  }

  async #beginLoad(names: readonly string[], adopted?: AdoptedRows): Promise<ModeLoad> {
    const { connection, delivery, options, claim, rejects, sequence } = this.#on
    const isFirst = this.#columnNames === undefined
    await this.#finishLoad()
    if (!isFirst && options.mode === "delete-missing") throw differentColumns(delivery.uri)
    if (!this.#replacesByKey) await this.#removeReloadedRows()
    if (isFirst && options.mode === "replace") await this.#emptyTable()
    this.#columnNames = JSON.stringify(names)
    this.#table = withNames(this.#table, names, options)
    const { table } = this
    const guessed = guessedTexts(delivery.columns)
    const placed = layout(table, names, { ...layoutOptions(options, table), fileSequence: sequence, guessed })
    for (const { target } of placed) this.#filled.add(target.name)
    this.#load = await beginLoad({
      connection,
      savepoints: this.#savepoints,
      target: table,
      placed,
      runId: delivery.id,
      refuse: (reject) => rejects.addRefused(reject),
      spillIfFull: () => this.#spillIfFull(),
      change: () => this.#changeTable(),
      options,
      asOf: await this.#versionInstant(),
      dryRun: delivery.dryRun,
      lockMerges: () => claim.lockMerges(),
      reloadsLate: () => delivery.reload === true && !claim.isSettled,
      adopted,
    })
    return this.#load
  }

  /** The instant from which versions are valid: the one that the caller gave, or else one that is later than the whole history. */
  async #versionInstant(): Promise<string> {
    const { connection, context, delivery, options } = this.#on
    const history = historyColumns(options, this.#table)
    this.#validFrom ??=
      history !== undefined && delivery.asOf === undefined && this.#table.columns.has(history.validFrom)
        ? await (await import("./merge/history-instant.ts")).historyInstant(connection, this.#table, history, context.asOf)
        : (delivery.asOf ?? context.asOf).toISOString()
    return this.#validFrom
  }

  async #changeTable(): Promise<void> {
    const { connection, context, options } = this.#on
    if (!needsDdl(this.#table)) return
    const { ddl, added, widened } = await changeTable(connection, this.#table, this.#columns, options, context)
    this.#ddl = [...this.#ddl, ...ddl]
    this.#changes = { ddl, added: [...this.#changes.added, ...added], widened: [...this.#changes.widened, ...widened] }
    this.#table = { ...this.#table, changes: [] }
  }

  async #emptyTable(): Promise<void> {
    await this.#on.claim.lockMerges()
    const { rowCount } = await this.#on.connection.query(`DELETE FROM ${this.#table.sql}`)
    this.#counts = addCounts(this.#counts, { ...noCounts, deleted: rowCount })
  }

  /** Whether rows that are loaded again replace those of the earlier delivery by key. Its other rows then go last; in other modes, all go first. */
  get #replacesByKey(): boolean {
    const { mode } = this.#on.options
    return mode === "upsert" || mode === "delete-missing"
  }

  async #removeReloadedRows(): Promise<void> {
    const { connection, claim, options } = this.#on
    if (!this.#table.exists || options.mode === "replace") return
    for (const run of claim.reloads) {
      if (this.#removed.has(run)) continue
      this.#removed.add(run)
      if ("key" in options) await claim.lockMerges()
      const { removeRowsOf } = await import("./ledger/reload.ts")
      const deleted = await removeRowsOf(connection, run, this.#table, historyColumns(options, this.#table))
      this.#counts = addCounts(this.#counts, { ...noCounts, deleted })
    }
  }

  async #spillIfFull(): Promise<void> {
    await this.#on.rejects.spillIfFull()
    await this.#load?.kept?.spillIfFull()
  }

  async #finishLoad(): Promise<void> {
    if (this.#load === undefined) return
    const { load, kept } = this.#load
    const counts = await load.finish()
    this.#load = undefined
    this.#unreadableKeys += kept?.unreadable ?? 0
    this.#counts = addCounts(this.#counts, counts)
  }
}

function differentColumns(uri: string): RowgateError {
  return new RowgateError({
    code: "SINK_SCHEMA_MISMATCH",
    message: "The tables of the file have different columns, so delete-missing cannot tell which rows are missing from the whole file.",
    remedy: "Load each table with a separate pipeline.",
    origin: { uri },
  })
}

function stagedAlready(uri: string): RowgateError {
  return new RowgateError({
    code: "CONFIG_INVALID",
    message: "A delivery whose parts are staged got passing rows through `write`.",
    remedy: "Once the session has adopted staged rows, write only batches without passing rows.",
    origin: { uri },
  })
}
