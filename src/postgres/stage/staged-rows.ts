import type { AppendLoadOptions } from "../copy/append-load.ts"
import { refusedRow } from "../copy/row-faults.ts"
import type { StagedRowMap } from "../copy/staged-row-map.ts"
import type { Constraints } from "../target/constraints.ts"
import { hasRowTriggers } from "../target/row-triggers.ts"
import { castTexts } from "./cast-texts.ts"
import { FaultTable, type StagedFaults } from "./fault-table.ts"
import { findPolicyViolations } from "./find-policy-violations.ts"
import { findViolations } from "./find-violations.ts"
import { moveStaged } from "./move-staged.ts"
import type { TextStage } from "./text-stage.ts"
import { ordinal, TypedStage, type TypedStageOptions } from "./typed-stage.ts"

/** Ordinals of rows that come by way of texts begin above all others. */
const textOffset = 2 ** 40

/** Rows of a staging table on their way into the target, which takes them as they are or refuses them. */
export class StagedRows {
  readonly stage: TypedStage
  readonly #options: AppendLoadOptions
  readonly #constraints: Constraints
  readonly #faults: FaultTable
  #copied: StagedRowMap | undefined
  #texts: StagedRowMap | undefined

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

  /** Rows that went into the stage by COPY, in the order of their ordinals. */
  addCopied(rows: StagedRowMap): void {
    this.#copied = rows
  }

  /** Rows that were set aside as texts come into the stage untried; values that are none of their type are faults. */
  async addTexts(texts: TextStage): Promise<void> {
    const { connection, placed, refuse, spillIfFull: relieve } = this.#options
    this.#texts = texts.rowMap
    await this.stage.relax(this.#constraints.checks.map(({ name }) => name))
    const faults = await FaultTable.create(connection)
    await castTexts(connection, texts, this.stage, placed, faults, textOffset)
    for await (const { position, faults: found } of faults.read(texts.table, "n", placed)) {
      const { batch, row } = await texts.rowMap.rowAt(position)
      refuse(refusedRow(batch, row, found), batch, row)
      await relieve()
    }
  }

  /** Those that the target refuses are told to `refuse`; what it leaves out without a word is skipped. */
  async append(): Promise<{ readonly loaded: number; readonly skipped: number }> {
    const { connection, target, placed, spillIfFull: relieve } = this.#options
    const { stage } = this
    const faults = this.#faults
    const mends = await hasRowTriggers(connection, target)
    if (!mends && this.#texts !== undefined) await this.#find()
    const staged = await stage.count()
    const { loaded } = await moveStaged({
      connection,
      stage,
      faults,
      findViolations: () => this.#find(),
      triggersChangeRows: mends,
      order: ordinal,
      statement: (rows) => `INSERT INTO ${target.sql} (${stage.list()}) OVERRIDING SYSTEM VALUE SELECT ${stage.list("s.")} FROM ${rows} s`,
    })
    let refused = 0
    for await (const found of faults.read(stage.table, ordinal, placed)) {
      await this.#refuse(found)
      await relieve()
      refused++
    }
    return { loaded, skipped: staged - refused - loaded }
  }

  async #find(): Promise<number> {
    const { connection, target } = this.#options
    await connection.query(`ANALYZE ${this.stage.table}`)
    const options = { connection, target, stage: this.stage, faults: this.#faults, constraints: this.#constraints }
    return (await findPolicyViolations(options)) + (await findViolations(options))
  }

  async #refuse({ ordinal: n, position, faults }: StagedFaults): Promise<void> {
    const rows = n > textOffset ? this.#texts : this.#copied
    if (rows === undefined) throw new Error(`nobody knows the staged row ${n}`)
    const { batch, row } = await rows.rowAt(n > textOffset ? n - textOffset - 1 : position)
    this.#options.refuse(refusedRow(batch, row, faults), batch, row)
  }
}
