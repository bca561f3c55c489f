import type { Connection, CopyIn } from "../connection/database.ts"
import { copyOptions, type TextForm } from "../copy/copy-options.ts"
import { StagedRowMap } from "../copy/staged-row-map.ts"
import type { KeptBatches } from "../retain/kept-batches.ts"
import { temporaryName } from "../sql/temporary-name.ts"
import type { Placement } from "../target/layout.ts"

/** A temporary table that accepts any row: its columns `c1`, `c2` and so on are texts, and `n` is the ordinal. */
export class TextStage {
  readonly table = temporaryName("text")
  readonly rowMap: StagedRowMap
  readonly #connection: Connection
  readonly #columns: string
  #copy: CopyIn | undefined
  #form: TextForm | undefined

  private constructor(connection: Connection, columns: readonly string[], kept: KeptBatches) {
    this.#connection = connection
    this.#columns = columns.join(", ")
    this.rowMap = new StagedRowMap(kept)
  }

  static async create(connection: Connection, placed: readonly Placement[], kept: KeptBatches): Promise<TextStage> {
    const columns = placed.map((_, j) => `c${j + 1}`)
    const stage = new TextStage(connection, columns, kept)
    const texts = columns.map((column) => `${column} text`).join(", ")
    await connection.query(`CREATE TEMP TABLE ${stage.table} (${texts}, n bigint GENERATED ALWAYS AS IDENTITY (CACHE 1000)) ON COMMIT DROP`)
    return stage
  }

  /** Copies lines in one of COPY's text forms. */
  async write(lines: Uint8Array, form: TextForm): Promise<void> {
    if (form !== this.#form) await this.pause()
    this.#form = form
    this.#copy ??= this.#connection.copyIn(`${this.table} (${this.#columns})`, copyOptions(form))
    await this.#copy.drained()
    this.#copy.write(lines)
  }

  /** Ends the COPY under way, so that the connection takes other statements. */
  async pause(): Promise<void> {
    const copy = this.#copy
    this.#copy = undefined
    await copy?.end()
  }

  async abandon(): Promise<void> {
    await this.#copy?.fail("the load was aborted")
    this.#copy = undefined
  }
}
