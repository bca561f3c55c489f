import type { TableBatch } from "../../model/table-batch.ts"
import { StagedRows } from "../stage/staged-rows.ts"
import type { TextStage } from "../stage/text-stage.ts"
import type { TableLoad, TableLoadCounts } from "../table-load.ts"
import { tableConstraints } from "../target/constraints.ts"
import { hasRowTriggers } from "../target/row-triggers.ts"
import type { TargetTable } from "../target/target-table.ts"
import { CopyLoad, type CopyLoadOptions } from "./copy-load.ts"

/** The parts of an append. */
export interface AppendLoadOptions extends Omit<CopyLoadOptions, "table" | "remember"> {
  readonly target: TargetTable
  /** Applies the pending changes to the target, once all rows are staged. */
  readonly change: () => Promise<void>
}

/** Copies rows directly into the target. */
export class AppendLoad implements TableLoad {
  readonly #options: AppendLoadOptions
  readonly #copy: CopyLoad

  constructor(options: AppendLoadOptions) {
    this.#options = options
    const { connection, target } = options
    const mayOmitRows = () => hasRowTriggers(connection, target)
    this.#copy = new CopyLoad({ ...options, table: target.sql, remember: false, mayOmitRows })
  }

  write(batch: TableBatch<unknown>): Promise<void> {
    return this.#copy.write(batch)
  }

  drain(): Promise<void> {
    return this.#copy.finish()
  }

  async finish(): Promise<TableLoadCounts> {
    await this.#copy.finish()
    const { copied, omitted: leftOut, overflow } = this.#copy
    const late = overflow === undefined ? { loaded: 0, skipped: 0 } : await this.#fromTexts(overflow)
    await this.#copy.close()
    return { loaded: copied + late.loaded, superseded: 0, skipped: leftOut + late.skipped, updated: 0, deleted: 0 }
  }

  abandon(): Promise<void> {
    return this.#copy.abandon()
  }

  /** Appends the rows of the overflow. First it refuses values that are not of their type, and rows that violate a constraint. */
  async #fromTexts(texts: TextStage): Promise<{ readonly loaded: number; readonly skipped: number }> {
    const { connection, target } = this.#options
    const staged = await StagedRows.create(this.#options, await tableConstraints(connection, target), { constraints: false })
    await staged.addTexts(texts)
    return staged.append()
  }
}
