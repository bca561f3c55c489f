import type { AppendLoadOptions } from "../copy/append-load.ts"
import { refusedRow } from "../copy/row-faults.ts"
import type { StagedRowMap } from "../copy/staged-row-map.ts"
import type { AdoptedRows, RowSource } from "../parts/adopted-rows.ts"
import type { Constraints } from "../target/constraints.ts"
import { hasRowTriggers } from "../target/row-triggers.ts"
import { FaultTable, type StagedFaults } from "./fault-table.ts"
import { moveStaged } from "./move-staged.ts"
import type { TextStage } from "./text-stage.ts"
import { ordinal, TypedStage, type TypedStageOptions } from "./typed-stage.ts"

/** Ordinals of rows from the text stage are greater than all others. */
const textOffset = 2 ** 40

/** Appends the rows of a staging table to the target. */
export class StagedRows {
  readonly stage: TypedStage
  readonly #options: AppendLoadOptions
  readonly #constraints: Constraints
  readonly #faults: FaultTable
  #copied: StagedRowMap | undefined
  #texts: StagedRowMap | undefined
  #adopted: AdoptedRows | undefined

  private constructor(options: AppendLoadOptions, constraints: Constraints, stage: TypedStage, faults: FaultTable) {
    this.#options = options
    this.#constraints = constraints
    this.stage = stage
    this.#faults = faults
  }

  static async create(options: AppendLoadOptions, constraints: Constraints, demands: TypedStageOptions): Promise<StagedRows> {
    const { connection, target, placed } = options
    const stage = await TypedStage.create(connection, target, placed, demands)
    return new StagedRows(options, constraints, stage, await FaultTable.create(connection))
  }

  /** Rows that were staged in parts. */
  static async adopt(options: AppendLoadOptions, constraints: Constraints, stage: TypedStage, adopted: AdoptedRows): Promise<StagedRows> {
    const staged = new StagedRows(options, constraints, stage, await FaultTable.create(options.connection))
    staged.#adopted = adopted
    return staged
  }

  /** Adds rows that were copied into the stage, in the order of their ordinals. */
  addCopied(rows: StagedRowMap): void {
    this.#copied = rows
  }

  /** Moves rows of the text stage into the stage, unchecked, and refuses rows with texts that are not values of their type. */
  async addTexts(texts: TextStage): Promise<void> {
    const { connection, placed, refuse, spillIfFull } = this.#options
    this.#texts = texts.rowMap
    await this.stage.relax(this.#constraints.checks.map(({ name }) => name))
    const faults = await FaultTable.create(connection)
    const { castTexts } = await import("./cast-texts.ts")
    await castTexts(connection, texts, this.stage, placed, faults, `n + ${textOffset}`)
    for await (const { position, faults: found } of faults.read(texts.table, "n", placed)) {
      const { batch, row } = await texts.rowMap.rowAt(position)
      refuse(refusedRow(batch, row, found), batch, row)
      await spillIfFull()
    }
  }

  /** Moves the rows into the target and refuses those that it does not accept. Rows that it leaves out without an error are skipped. */
  async append(): Promise<{ readonly loaded: number; readonly skipped: number }> {
    const { connection, target, placed, spillIfFull } = this.#options
    const { stage } = this
    const faults = this.#faults
    const triggersChangeRows = await hasRowTriggers(connection, target)
    if (!triggersChangeRows && this.#texts !== undefined) await this.#findViolations()
    const staged = await stage.count()
    const { loaded } = await moveStaged({
      connection,
      stage,
      faults,
      findViolations: () => this.#findViolations(),
      triggersChangeRows,
      order: ordinal,
      statement: (rows) => `INSERT INTO ${target.sql} (${stage.list()}) OVERRIDING SYSTEM VALUE SELECT ${stage.list("s.")} FROM ${rows} s`,
    })
    let refused = 0
    for await (const found of faults.read(stage.table, ordinal, placed)) {
      await this.#refuse(found)
      await spillIfFull()
      refused++
    }
    return { loaded, skipped: staged - refused - loaded }
  }

  async #findViolations(): Promise<number> {
    const [{ findPolicyViolations }, { findViolations }] = await Promise.all([
      import("./find-policy-violations.ts"),
      import("./find-violations.ts"),
    ])
    const { connection, target } = this.#options
    await connection.query(`ANALYZE ${this.stage.table}`)
    const options = { connection, target, stage: this.stage, faults: this.#faults, constraints: this.#constraints }
    return (await findPolicyViolations(options)) + (await findViolations(options))
  }

  async #refuse(found: StagedFaults): Promise<void> {
    const { batch, row } = await (this.#adopted?.source(found.ordinal) ?? this.#sourceOf(found))
    this.#options.refuse(refusedRow(batch, row, found.faults), batch, row)
  }

  #sourceOf({ ordinal: n, position }: StagedFaults): Promise<RowSource> {
    const rows = n > textOffset ? this.#texts : this.#copied
    if (rows === undefined) throw new Error(`the source of the staged row ${n} is unknown`)
    return rows.rowAt(n > textOffset ? n - textOffset - 1 : position)
  }
}
