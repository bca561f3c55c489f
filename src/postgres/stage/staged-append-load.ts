import type { TableBatch } from "../../model/table-batch.ts"
import type { AppendLoadOptions } from "../copy/append-load.ts"
import { CopyLoad } from "../copy/copy-load.ts"
import type { TableLoad, TableLoadCounts } from "../table-load.ts"
import { tableConstraints } from "../target/constraints.ts"
import { StagedRows } from "./staged-rows.ts"

/**
 * Loads rows into a staging table and from there into the target, if COPY into the target is not possible: the target still has to be changed, which
 * locks out its readers and so comes last, or it only accepts INSERT.
 */
export class StagedAppendLoad implements TableLoad {
  readonly #options: AppendLoadOptions
  readonly #staged: StagedRows
  readonly #copy: CopyLoad

  private constructor(options: AppendLoadOptions, staged: StagedRows) {
    this.#options = options
    this.#staged = staged
    this.#copy = new CopyLoad({ ...options, table: staged.stage.table, remember: true })
  }

  static async create(options: AppendLoadOptions): Promise<StagedAppendLoad> {
    const constraints = await tableConstraints(options.connection, options.target)
    // A trigger may still repair a row that a constraint would refuse.
    return new StagedAppendLoad(options, await StagedRows.create(options, constraints, { constraints: !constraints.needsTrial }))
  }

  write(batch: TableBatch<unknown>): Promise<void> {
    return this.#copy.write(batch)
  }

  drain(): Promise<void> {
    return this.#copy.finish()
  }

  async finish(): Promise<TableLoadCounts> {
    await this.#copy.finish()
    const { overflow, rowMap: sections } = this.#copy
    this.#staged.addCopied(sections)
    if (overflow !== undefined) await this.#staged.addTexts(overflow)
    await this.#options.change()
    const { loaded, skipped } = await this.#staged.append()
    await this.#copy.close()
    return { loaded, superseded: 0, skipped, updated: 0, deleted: 0 }
  }

  abandon(): Promise<void> {
    return this.#copy.abandon()
  }
}
