import type { AppendLoadOptions } from "../copy/append-load.ts"
import { StagedRows } from "../stage/staged-rows.ts"
import { TypedStage } from "../stage/typed-stage.ts"
import type { TableLoad, TableLoadCounts } from "../table-load.ts"
import { tableConstraints } from "../target/constraints.ts"
import type { AdoptedRows } from "./adopted-rows.ts"

/** Appends rows that were staged in parts to the target. */
export class AdoptedAppendLoad implements TableLoad {
  readonly #options: AppendLoadOptions
  readonly #staged: StagedRows

  private constructor(options: AppendLoadOptions, staged: StagedRows) {
    this.#options = options
    this.#staged = staged
  }

  static async create(options: AppendLoadOptions, adopted: AdoptedRows): Promise<AdoptedAppendLoad> {
    const { connection, target, placed } = options
    const stage = TypedStage.of(connection, adopted.table, target, placed)
    return new AdoptedAppendLoad(options, await StagedRows.adopt(options, await tableConstraints(connection, target), stage, adopted))
  }

  async write(): Promise<void> {}

  async drain(): Promise<void> {}

  async finish(): Promise<TableLoadCounts> {
    await this.#options.change()
    const { loaded, skipped } = await this.#staged.append()
    return { loaded, superseded: 0, skipped, updated: 0, deleted: 0 }
  }

  async abandon(): Promise<void> {}
}
