import type { Connection, CopyIn } from "../database.ts"
import type { Placement } from "../target/layout.ts"
import { copyOptions } from "./copy-options.ts"
import type { KeptBatches } from "./kept-batches.ts"
import { RowSections } from "./row-sections.ts"
import { temporaryName } from "./typed-stage.ts"

/** A temporary table that takes any row: its columns are texts, `c1` and so on, and `n` counts. */
export class TextStage {
  readonly table = temporaryName("text")
  readonly sections: RowSections
  readonly #connection: Connection
  readonly #columns: string
  #copy: CopyIn | undefined

  private constructor(connection: Connection, columns: readonly string[], kept: KeptBatches) {
    this.#connection = connection
    this.#columns = columns.join(", ")
    this.sections = new RowSections(kept)
  }

  static async create(connection: Connection, placed: readonly Placement[], kept: KeptBatches): Promise<TextStage> {
    const columns = placed.map((_, j) => `c${j + 1}`)
    const stage = new TextStage(connection, columns, kept)
    const texts = columns.map((column) => `${column} text`).join(", ")
    await connection.query(`CREATE TEMP TABLE ${stage.table} (${texts}, n bigint GENERATED ALWAYS AS IDENTITY (CACHE 1000)) ON COMMIT DROP`)
    return stage
  }

  /** Lines in COPY's form. All between two pauses write nulls in the same way. */
  async write(lines: Uint8Array, marker: boolean): Promise<void> {
    this.#copy ??= this.#connection.copyIn(`${this.table} (${this.#columns})`, copyOptions(marker))
    await this.#copy.drained()
    this.#copy.write(lines)
  }

  /** Ends the COPY under way, so that the connection can be used. */
  async pause(): Promise<void> {
    const copy = this.#copy
    this.#copy = undefined
    await copy?.end()
  }

  async abandon(): Promise<void> {
    await this.#copy?.fail("the load was called off")
    this.#copy = undefined
  }
}
