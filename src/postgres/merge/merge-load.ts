import { RowgateError } from "../../errors/rowgate-error.ts"
import type { Reject } from "../../model/reject.ts"
import type { TableBatch } from "../../model/table-batch.ts"
import type { Connection } from "../connection/database.ts"
import { CopyLoad, type CopyLoadOptions } from "../copy/copy-load.ts"
import { type RowFault, refusedRow } from "../copy/row-faults.ts"
import type { AdoptedRows, RowSource } from "../parts/adopted-rows.ts"
import type { KeptKeys } from "../retain/kept-keys.ts"
import { identifier } from "../sql/quoted-names.ts"
import { temporaryName } from "../sql/temporary-name.ts"
import { FaultTable, type StagedFaults } from "../stage/fault-table.ts"
import { moveStaged, type StagedStatement } from "../stage/move-staged.ts"
import type { TextStage } from "../stage/text-stage.ts"
import { ordinal, TypedStage } from "../stage/typed-stage.ts"
import type { TableLoad, TableLoadCounts } from "../table-load.ts"
import type { Constraints } from "../target/constraints.ts"
import { hasRowTriggers } from "../target/row-triggers.ts"
import type { TargetTable } from "../target/target-table.ts"
import {
  type HistoryKey,
  historyStatement,
  insertOnlyStatement,
  isWritten,
  lateRowsSql,
  type MergeKey,
  mergeOrder,
  mergeStatement,
  reverseMergeOrder,
  sameKey,
  supersededRowsSql,
  upsertStatement,
} from "./merge-statement.ts"

/** What a merge does with a row whose key is in the table. */
export type MergeMode =
  | (MergeKey & { readonly mode: "upsert" | "insert-only" })
  /** `scope` is a condition on the rows `t` of the target that may be removed. */
  | (MergeKey & { readonly mode: "delete-missing"; readonly scope: string })
  | (MergeKey & HistoryKey & { readonly mode: "scd2" })

/** The parts of a merge. */
export interface MergeLoadOptions extends Omit<CopyLoadOptions, "table" | "remember" | "key"> {
  readonly target: TargetTable
  /** Applies the pending changes to the target, once all rows are staged. */
  readonly change: () => Promise<void>
  readonly constraints: Constraints
  readonly merge: MergeMode
  /** Keys of rejected rows, which must not count as missing. */
  readonly kept: KeptKeys
  /** Awaited before the first row is merged, because only one load at a time may merge into a table. */
  readonly lockMerges: () => Promise<void>
  /** Rows that were staged in parts. Default: rows come through `write`. */
  readonly adopted?: AdoptedRows | undefined
  /** Whether to tell added rows from changed ones, for which the table is counted twice. */
  readonly dryRun: boolean
}

/** Loads rows into a staging table and merges them into the target. */
export class MergeLoad implements TableLoad {
  readonly #options: MergeLoadOptions
  readonly #stage: TypedStage
  readonly #faults: FaultTable
  readonly #copy: CopyLoad | undefined
  #superseded: string | undefined

  private constructor(options: MergeLoadOptions, stage: TypedStage, faults: FaultTable) {
    this.#options = options
    this.#stage = stage
    this.#faults = faults
    const { kept, merge } = options
    const keptColumns = merge.mode === "delete-missing" ? kept.columns : []
    if (options.adopted !== undefined) return
    const refuse: CopyLoadOptions["refuse"] = (...refused) => this.#refuseUnstaged(...refused)
    this.#copy = new CopyLoad({ ...options, refuse, table: stage.table, key: merge.key, keptColumns, remember: targetMayRefuse(options) })
  }

  static async create(options: MergeLoadOptions): Promise<MergeLoad> {
    const { connection, target, placed, constraints, adopted } = options
    if (adopted !== undefined) {
      const stage = TypedStage.of(connection, adopted.table, target, placed)
      return new MergeLoad(options, stage, await FaultTable.create(connection))
    }
    // A trigger may still repair a row that a constraint would refuse.
    const stage = await TypedStage.create(connection, target, placed, { constraints: !constraints.needsTrial })
    return new MergeLoad(options, stage, await FaultTable.create(connection))
  }

  async write(batch: TableBatch<unknown>): Promise<void> {
    await this.#copy?.write(batch)
  }

  async abandon(): Promise<void> {
    await this.#options.kept[Symbol.asyncDispose]()
    await this.#copy?.abandon()
  }

  async drain(): Promise<void> {
    await this.#copy?.finish()
  }

  async finish(): Promise<TableLoadCounts> {
    const { merge, lockMerges } = this.#options
    const { staged, repeats, isSure } = await this.#staged()
    await lockMerges()
    await this.#options.change()
    if (merge.mode === "scd2") await this.#faults.add(lateRowsSql(this.#stage, merge))
    // Unlike ON CONFLICT DO UPDATE, these two do not report a repeated key.
    const isSilent = merge.mode === "scd2" || merge.mode === "insert-only"
    const before = this.#options.dryRun ? await this.#targetRows() : undefined
    const { loaded, superseded } = await this.#merge(repeats || (isSilent && !isSure))
    const updated = before === undefined ? 0 : loaded - ((await this.#targetRows()) - before)
    let refused = 0
    for await (const found of this.#faults.read(this.#stage.table, ordinal, this.#options.placed)) {
      refused++
      await this.#refuse(found)
      await this.#options.spillIfFull()
    }
    const deleted = merge.mode === "delete-missing" ? await this.#deleteMissing(merge) : 0
    await this.#options.kept[Symbol.asyncDispose]()
    await this.#copy?.close()
    return { loaded, superseded, skipped: staged - refused - superseded - loaded, updated, deleted }
  }

  /** All rows that are in the stage, and whether a key may be repeated among them, as far as that is known. */
  async #staged(): Promise<{ readonly staged: number; readonly repeats: boolean; readonly isSure: boolean }> {
    const { adopted } = this.#options
    if (adopted !== undefined) return { staged: adopted.rows, repeats: adopted.repeats, isSure: false }
    await this.#copied.finish()
    const { overflow, copied, duplicateKeys } = this.#copied
    const staged = copied + (overflow === undefined ? 0 : await this.#fromTexts(overflow))
    return { staged, repeats: duplicateKeys.repeated || overflow !== undefined, isSure: duplicateKeys.isSure }
  }

  get #copied(): CopyLoad {
    if (this.#copy === undefined) throw new Error("the rows were staged in parts")
    return this.#copy
  }

  /**
   * Merges with the same result as one row after the other. If the target judges each row independently of the others, only the last row without
   * faults of each key is merged; otherwise rows with repeated keys are merged one by one.
   */
  async #merge(mayRepeat: boolean): Promise<Pick<TableLoadCounts, "loaded" | "superseded">> {
    const { connection, target, constraints, merge } = this.#options
    const triggersChangeRows = constraints.needsTrial && (await hasRowTriggers(connection, target))
    const isJudgedAlone = judgesRowsAlone(this.#options)
    const findRepeated = async () => {
      if (!triggersChangeRows) await this.#findViolations()
      await this.#findSuperseded()
      return isJudgedAlone && this.#superseded !== undefined
    }
    // The statement of a history closes all versions before it adds one.
    const oneRowPerStatement = merge.mode === "scd2" && keysMayCollide(this.#options)
    const rowByRow = (mayRepeat && !(await findRepeated()) && this.#superseded !== undefined) || oneRowPerStatement
    const { loaded, superseded } = await moveStaged({
      connection,
      stage: this.#stage,
      faults: this.#faults,
      statement: this.#statement(),
      fastStatement: this.#fastStatement(),
      findViolations: async () => {
        const found = await this.#findViolations()
        // An earlier row may now be the one to merge for its key.
        if (found > 0 && this.#superseded !== undefined) await this.#findSuperseded()
        return found
      },
      triggersChangeRows,
      findRepeated,
      exclusion: () => this.#superseded && `NOT EXISTS (SELECT FROM ${this.#superseded} d WHERE d.n = s.${ordinal})`,
      order: isJudgedAlone || (merge.newest === undefined && !this.#faults.hasFaults) ? undefined : mergeOrder(merge),
      queue: {
        order: mergeOrder(merge),
        key: merge.key,
        candidateOrder: replacesRowsOfKey(merge) ? undefined : reverseMergeOrder(merge),
        oneRowPerStatement,
      },
      rowByRow,
    })
    return { loaded, superseded: superseded ?? (this.#superseded === undefined ? 0 : await count(connection, this.#superseded)) }
  }

  async #targetRows(): Promise<number> {
    const { connection, target, merge } = this.#options
    // Only current versions count, so that here, too, changed rows are the difference between loaded and added rows.
    const current = merge.mode === "scd2" ? ` WHERE ${identifier(merge.validTo)} IS NULL` : ""
    return count(connection, `${target.sql}${current}`)
  }

  #statement(): StagedStatement {
    const { merge } = this.#options
    if (merge.mode === "scd2") return historyStatement(this.#stage, merge)
    return merge.mode === "insert-only" ? insertOnlyStatement(this.#stage, merge) : upsertStatement(this.#stage, merge)
  }

  /** For a file without repeated keys, and a target that judges rows whatever their order and whatever the statement does to them. */
  #fastStatement(): StagedStatement | undefined {
    const { merge } = this.#options
    if (merge.mode === "scd2" || this.#superseded !== undefined || targetMayRefuse(this.#options)) return undefined
    return mergeStatement(this.#stage, merge)
  }

  /** Moves rows of the text stage into the stage, unchecked. Resolves with their number. */
  async #fromTexts(texts: TextStage): Promise<number> {
    const { connection, placed, constraints } = this.#options
    await this.#stage.relax(constraints.checks.map(({ name }) => name))
    const faults = await FaultTable.create(connection)
    const { castTexts } = await import("../stage/cast-texts.ts")
    await castTexts(connection, texts, this.#stage, placed, faults, `n + ${textOffset}`)
    let refused = 0
    for await (const { position, faults: found } of faults.read(texts.table, "n", placed)) {
      const { batch, row } = await texts.rowMap.rowAt(position)
      this.#refuseUnstaged(refusedRow(batch, row, found), batch, row)
      await this.#options.spillIfFull()
      refused++
    }
    return texts.rowMap.rows - refused
  }

  async #findViolations(): Promise<number> {
    const [{ findPolicyViolations }, { findViolations }] = await Promise.all([
      import("../stage/find-policy-violations.ts"),
      import("../stage/find-violations.ts"),
    ])
    const { connection, target, constraints, merge } = this.#options
    await connection.query(`ANALYZE ${this.#stage.table}`)
    const common = { connection, target, stage: this.#stage, faults: this.#faults, constraints }
    const forbidden = merge.mode === "scd2" ? 0 : await findPolicyViolations(common)
    return forbidden + (await findViolations({ ...common, mergeKey: merge.key, isWritten: isWritten(this.#stage, merge) }))
  }

  /** Refuses a row that did not reach the stage. Its key must not count as missing. */
  #refuseUnstaged(reject: Reject, batch: TableBatch<unknown>, row: number): void {
    if (this.#options.merge.mode === "delete-missing") this.#options.kept.add(batch, row)
    this.#options.refuse(reject, batch, row)
  }

  /** Finds the rows without faults that are not merged because a later row of their key is. */
  async #findSuperseded(): Promise<void> {
    const { connection, merge } = this.#options
    const table = temporaryName("superseded")
    await connection.query(
      `CREATE TEMP TABLE ${table} ON COMMIT DROP AS ${supersededRowsSql(this.#stage, merge, this.#faults.withoutFaults)}`,
    )
    await connection.query(`ANALYZE ${table}`)
    this.#superseded = (await count(connection, table)) === 0 ? undefined : table
  }

  async #refuse(found: StagedFaults): Promise<void> {
    const { batch, row } = await (this.#options.adopted?.source(found.ordinal) ?? this.#sourceOf(found))
    this.#options.refuse(refusedRow(batch, row, found.faults), batch, row)
  }

  #sourceOf({ ordinal: n, position, faults }: StagedFaults): Promise<RowSource> {
    const { overflow, copied, rowMap } = this.#copied
    if (overflow !== undefined && position >= copied) return overflow.rowMap.rowAt(n - textOffset - 1)
    if (!targetMayRefuse(this.#options)) throw unexpectedRefusal(this.#options.target, faults[0])
    return rowMap.rowAt(position)
  }

  async #deleteMissing({ key, scope }: { readonly key: readonly string[]; readonly scope: string }): Promise<number> {
    const { connection, target, kept } = this.#options
    const keptTable = await kept.store(connection)
    if (kept.unreadable > 0) return 0
    const present = [this.#stage.table, ...(keptTable === undefined ? [] : [keptTable])]
    const missing = present.map((table) => `NOT EXISTS (SELECT FROM ${table} s WHERE ${sameKey(key)})`).join(" AND ")
    const { rowCount } = await connection.query(`DELETE FROM ${target.sql} t WHERE (${scope}) AND ${missing}`)
    return rowCount
  }
}

/** Ordinals of rows from the text stage are greater than all others. */
const textOffset = 2 ** 40

/** The error for a value that is too long for an index, for example. It is rare, and to keep all rows for it would be too expensive. */
function unexpectedRefusal({ schema, table }: TargetTable, fault: RowFault | undefined): RowgateError {
  return new RowgateError({
    code: "SINK_REFUSED",
    message: `${schema}.${table} refused rows that fit its columns, with SQLSTATE ${fault?.code.replace("postgres.", "") ?? "unknown"}${
      fault?.constraint === undefined ? "" : ` (constraint ${fault.constraint})`
    }. Nothing was loaded.`,
    remedy: "Check in the pipeline what the indexes of the table require, such as the length of a text.",
    origin: { table },
  })
}

/** Whether the target may refuse a row that the stage has accepted. */
function targetMayRefuse(options: MergeLoadOptions): boolean {
  const { constraints, merge } = options
  return merge.mode === "scd2" || constraints.foreignKeys.length > 0 || !judgesRowsAlone(options)
}

/** Whether the target judges each row independently of the others, so that `findViolations` finds all rows that it would refuse. */
function judgesRowsAlone(options: MergeLoadOptions): boolean {
  return !options.constraints.needsTrial && !keysMayCollide(options)
}

/** Whether a row may conflict with a row of another key, by a unique index. */
function keysMayCollide({ constraints: { uniques }, merge, placed }: MergeLoadOptions): boolean {
  const own = merge.mode === "scd2" ? [merge.validFrom, merge.validTo] : []
  return uniques.some(({ columns, keyColumns }) => {
    // Columns that the database fills have new values in each row.
    if (keyColumns !== undefined && !keyColumns.some((name) => placed.some(({ target }) => target.name === name))) return false
    if (merge.key.every((name) => columns?.includes(name))) return false
    return keyColumns?.every((name) => merge.key.includes(name) || own.includes(name)) !== true || own.length === 0
  })
}

/** Whether a row replaces an earlier row with the same key. In other modes, only one row of a key is loaded. */
function replacesRowsOfKey({ mode }: MergeMode): boolean {
  return mode === "upsert" || mode === "delete-missing"
}

async function count(connection: Connection, rows: string): Promise<number> {
  const { rows: counted } = await connection.query(`SELECT count(*)::text AS n FROM ${rows}`)
  return Number(counted[0]?.["n"])
}
