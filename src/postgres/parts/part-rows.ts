import type { Delivery } from "../../contract/delivery.ts"
import { NumberColumn } from "../../model/columns/number-column.ts"
import type { TableBatch } from "../../model/table-batch.ts"
import type { Connection } from "../connection/database.ts"
import { CopyLoad } from "../copy/copy-load.ts"
import { issuesOf } from "../copy/row-faults.ts"
import { Savepoints } from "../copy/savepoints.ts"
import type { AnyLoadOptions } from "../load-modes.ts"
import { temporaryName } from "../sql/temporary-name.ts"
import { castTexts } from "../stage/cast-texts.ts"
import { FaultTable } from "../stage/fault-table.ts"
import { findRowViolations } from "../stage/find-violations.ts"
import type { TextStage } from "../stage/text-stage.ts"
import { ordinal, TypedStage } from "../stage/typed-stage.ts"
import { databaseColumn, withNames } from "../target/column-names.ts"
import { checkConstraints } from "../target/constraints.ts"
import { guessedTexts, type LayoutOptions, layout, type Placement } from "../target/layout.ts"
import { layoutOptions } from "../target/open-target.ts"
import { type TargetColumn, type TargetTable, targetColumns } from "../target/target-table.ts"
import type { RefusalLog } from "./refusal-log.ts"
import { partOrdinals } from "./staging-table.ts"

/** Where the rows of a part go. */
export interface PartRowsOptions {
  readonly connection: Connection
  /** The staging table, as SQL. */
  readonly table: string
  readonly delivery: Delivery
  readonly options: AnyLoadOptions
  readonly part: number
  /** The sequence of the file's version. */
  readonly sequence: number | undefined
  /** Columns of the rows. */
  readonly columns: readonly string[]
  readonly refusals: RefusalLog
}

/** Assigns columns of rows to columns of a staging table, which has those of the target. */
export async function stagingLayout(
  connection: Connection,
  table: string,
  columns: readonly string[],
  options: AnyLoadOptions,
  more: Pick<LayoutOptions, "fileSequence" | "guessed"> = {},
): Promise<{ readonly stage: TargetTable; readonly placed: readonly Placement[]; readonly place: TargetColumn | undefined }> {
  const own = new Map(await targetColumns(connection, table))
  const place = own.get(ordinal)
  own.delete(ordinal)
  const properties = { oid: 0, unlogged: false, exists: true, isView: false, takesCopy: true, hasPolicies: false, changes: [] }
  const stage: TargetTable = withNames(
    { schema: "rowgate", table: options.table, sql: table, columns: own, ...properties },
    columns,
    options,
  )
  return { stage, placed: layout(stage, columns, { ...layoutOptions(options, stage), ...more }), place }
}

/** Copies the passing rows of a part into its staging table, each with its place in the part, and remembers those that the database refuses. */
export class PartRows {
  readonly #on: PartRowsOptions
  readonly #stage: TargetTable
  readonly #placed: readonly Placement[]
  readonly #copy: CopyLoad
  /** The ordinal of the next batch's first row. */
  #next: number

  private constructor(on: PartRowsOptions, stage: TargetTable, placed: readonly Placement[], place: TargetColumn) {
    const { connection, table, delivery, options, refusals } = on
    this.#on = on
    this.#stage = stage
    this.#placed = placed
    this.#next = on.part * partOrdinals
    const key = "key" in options ? options.key.map((column) => databaseColumn(column, options, stage)) : []
    this.#copy = new CopyLoad({
      connection,
      savepoints: new Savepoints(connection),
      table,
      placed: [...placed, { target: place, source: ordinal, columnOf: placeOf }],
      runId: delivery.id,
      refuse: ({ issues }, batch, row) => refusals.add(this.#placeAt(batch, row), issues.slice(batch.issues.of(row).length)),
      spillIfFull: () => refusals.spillIfFull(),
      remember: false,
      keptColumns: [ordinal],
      key,
    })
  }

  static async create(on: PartRowsOptions): Promise<PartRows> {
    const { connection, table, columns, delivery, options, sequence } = on
    const more = { fileSequence: sequence, guessed: guessedTexts(delivery.columns) }
    const { stage, placed, place } = await stagingLayout(connection, table, columns, options, more)
    if (place === undefined) throw new Error(`${table} is no staging table`)
    return new PartRows(on, stage, placed, place)
  }

  /** Skips rows of batches without passing rows. */
  skip(rows: number): void {
    this.#next += rows
  }

  async write(batch: TableBatch<unknown>): Promise<void> {
    const first = this.#next
    this.#next += batch.length
    const places = Float64Array.from({ length: batch.length }, (_, row) => first + row)
    await this.#on.refusals.spillIfFull()
    await this.#copy.write(batch.withColumns(new Map([[ordinal, new NumberColumn(places, batch.length)]])))
  }

  /** After the last batch. Resolves with the number of staged rows, and whether a key may be repeated among them. */
  async finish(): Promise<{ readonly rows: number; readonly repeats: boolean }> {
    await this.#copy.finish()
    const { copied, overflow, duplicateKeys } = this.#copy
    const late = overflow === undefined ? 0 : await this.#fromTexts(overflow)
    await this.#copy.close()
    return { rows: copied + late, repeats: duplicateKeys.repeated }
  }

  abandon(): Promise<void> {
    return this.#copy.abandon()
  }

  /** Moves rows into the staging table that were not checked yet, and refuses those with faults. Resolves with the number of moved rows. */
  async #fromTexts(texts: TextStage): Promise<number> {
    const { connection, table, refusals } = this.#on
    const placed = this.#placed
    const typed = temporaryName("stage")
    await connection.query(`CREATE TEMP TABLE ${typed} (LIKE ${table} INCLUDING DEFAULTS INCLUDING GENERATED) ON COMMIT DROP`)
    const stage = TypedStage.of(connection, typed, this.#stage, placed)
    await stage.relax([])
    const casts = await FaultTable.create(connection)
    await castTexts(connection, texts, stage, placed, casts, `c${placed.length + 1}::bigint`)
    for await (const { position, faults } of casts.read(texts.table, "n", placed)) {
      const { batch, row } = await texts.rowMap.rowAt(position)
      refusals.add(this.#placeAt(batch, row), issuesOf(faults))
      await refusals.spillIfFull()
    }
    const faults = await FaultTable.create(connection)
    const checks = await checkConstraints(connection, table)
    await findRowViolations({ stage, target: this.#stage, faults, checks })
    for await (const { ordinal: n, faults: found } of faults.read(typed, ordinal, placed)) {
      refusals.add(n % partOrdinals, issuesOf(found))
      await refusals.spillIfFull()
    }
    const columns = `${stage.list()}, ${ordinal}`
    const { rowCount } = await connection.query(
      `INSERT INTO ${table} (${columns}) SELECT ${columns} FROM ${typed} s WHERE ${faults.withoutFaults} ORDER BY ${ordinal}`,
    )
    return rowCount
  }

  #placeAt(batch: TableBatch<unknown>, row: number): number {
    return Number(batch.column(ordinal)?.at(row)) % partOrdinals
  }
}

function placeOf(batch: TableBatch<unknown>): NumberColumn {
  const column = batch.column(ordinal)
  if (!(column instanceof NumberColumn)) throw new Error("a batch has no places")
  return column
}
