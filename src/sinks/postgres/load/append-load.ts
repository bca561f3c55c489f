import type { TableBatch } from "../../../model/table-batch.ts"
import { tableConstraints } from "../target/constraints.ts"
import { hasRowTriggers } from "../target/row-triggers.ts"
import type { TargetTable } from "../target/target-table.ts"
import { castTexts } from "./cast-texts.ts"
import { CopyLoad, type CopyLoadOptions } from "./copy-load.ts"
import { FaultTable } from "./fault-table.ts"
import { findViolations } from "./find-violations.ts"
import { moveStaged } from "./move-staged.ts"
import { refusal } from "./row-faults.ts"
import type { Loaded, TableLoad } from "./table-load.ts"
import type { TextStage } from "./text-stage.ts"
import { ordinal, TypedStage } from "./typed-stage.ts"

/** What an append is made of. */
export interface AppendLoadOptions extends Omit<CopyLoadOptions, "table" | "remember"> {
  readonly target: TargetTable
}

/** Rows straight into the target. */
export class AppendLoad implements TableLoad {
  readonly #options: AppendLoadOptions
  readonly #copy: CopyLoad

  constructor(options: AppendLoadOptions) {
    this.#options = options
    const { connection, target } = options
    const leavesOut = () => hasRowTriggers(connection, target)
    this.#copy = new CopyLoad({ ...options, table: target.sql, remember: false, leavesOut })
  }

  write(batch: TableBatch<unknown>): Promise<void> {
    return this.#copy.write(batch)
  }

  async finish(): Promise<Loaded> {
    await this.#copy.finish()
    const { copied, leftOut, overflow } = this.#copy
    const late = overflow === undefined ? { loaded: 0, leftOut: 0 } : await this.#fromTexts(overflow)
    await this.#copy.close()
    return { loaded: copied + late.loaded, superseded: 0, skipped: leftOut + late.leftOut, updated: 0, deleted: 0 }
  }

  abandon(): Promise<void> {
    return this.#copy.abandon()
  }

  /** The rows that were set aside: values that are none of their type, then what the table demands, then the rest goes in. */
  async #fromTexts(texts: TextStage): Promise<{ readonly loaded: number; readonly leftOut: number }> {
    const { connection, target, placed, refuse, relieve } = this.#options
    const stage = await TypedStage.create(connection, target, placed, { constraints: false })
    const faults = await FaultTable.create(connection)
    await castTexts(connection, texts, stage, placed, faults)
    const constraints = await tableConstraints(connection, target)
    await connection.query(`ANALYZE ${stage.table}`)
    const find = () => findViolations({ target, stage, faults, constraints })
    const mends = await hasRowTriggers(connection, target)
    if (!mends) await find()
    const loaded = await moveStaged({
      connection,
      stage,
      faults,
      find,
      mends,
      statement: (rows) =>
        `INSERT INTO ${target.sql} (${stage.list()}) OVERRIDING SYSTEM VALUE
         SELECT ${stage.list("s.")} FROM ${stage.table} s WHERE ${rows} ORDER BY s.${ordinal}`,
    })
    let refused = 0
    for await (const found of faults.read(texts.table, "n", placed)) {
      const { batch, row } = await texts.sections.at(found.position)
      refuse(refusal(batch, row, found.faults))
      await relieve()
      refused++
    }
    return { loaded, leftOut: texts.sections.rows - refused - loaded }
  }
}
