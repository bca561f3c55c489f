import type { Issue } from "../../../model/issue.ts"
import type { Reject } from "../../../model/reject.ts"
import type { TableBatch } from "../../../model/table-batch.ts"
import type { Connection, CopyIn } from "../database.ts"
import { RowEncoder } from "../encode/row-encoder.ts"
import { intoSql, type Placement } from "../target/layout.ts"

const bufferBytes = 1 << 20

/** What a load by COPY is made of. */
export interface CopyLoadOptions {
  readonly connection: Connection
  /** Quoted. */
  readonly table: string
  readonly placed: readonly Placement[]
  readonly runId: string
}

/** Rows of one layout by COPY. While the server takes one batch in, the next one is encoded. */
export class CopyLoad {
  readonly #options: CopyLoadOptions
  readonly #encoder: RowEncoder
  readonly refused: Reject[] = []
  #copy: CopyIn | undefined
  #marker = false
  #sent = 0
  #loaded = 0
  #buffer = Buffer.allocUnsafeSlow(bufferBytes)
  #filled = 0

  constructor(options: CopyLoadOptions) {
    this.#options = options
    this.#encoder = new RowEncoder(options.placed.map(({ target }) => target.format))
  }

  async write(batch: TableBatch<unknown>): Promise<void> {
    const { placed, runId } = this.#options
    const live = liveRows(batch)
    this.#encoder.begin(
      placed.map(({ take }) => take(batch, runId)),
      live,
      (row, column, code, message) => this.refused.push(refusal(batch, row, code, message, placed[column]?.source)),
    )
    if (this.#encoder.needsMarker && !this.#marker) {
      await this.finish()
      this.#marker = true
    }
    this.#copy ??= this.#open()
    for (let whole = false; !whole; ) {
      const from = this.#filled
      whole = this.#encoder.encode(this.#buffer, from, this.#marker)
      this.#filled = this.#encoder.end
      await this.#copy.drained()
      this.#copy.write(this.#buffer.subarray(from, this.#filled))
      if (!whole) {
        this.#buffer = Buffer.allocUnsafeSlow(Math.max(bufferBytes, this.#encoder.nextBytes))
        this.#filled = 0
      }
    }
    for (const alive of live) this.#sent += alive
  }

  /** Ends the COPY under way; gives the rows that went in so far. */
  async finish(): Promise<number> {
    if (this.#copy === undefined) return this.#loaded
    const copied = await this.#copy.end()
    this.#copy = undefined
    // A line that was two rows, or two that were one, would be a fault of the encoder: better no load than a wrong one.
    if (copied !== this.#sent) throw new Error(`${this.#sent} rows were sent and ${copied} arrived`)
    this.#loaded += copied
    this.#sent = 0
    return this.#loaded
  }

  async abandon(): Promise<void> {
    await this.#copy?.fail("the load was called off")
    this.#copy = undefined
  }

  #open(): CopyIn {
    const { connection, table, placed } = this.#options
    const nulls = this.#marker ? "" : "NULL '', "
    return connection.copyIn(intoSql(table, placed), `FORMAT text, ${nulls}ENCODING 'UTF8'`)
  }
}

/** 1 for each passing row. */
export function liveRows({ length, selection }: TableBatch<unknown>): Uint8Array {
  if (selection.size === length) return new Uint8Array(length).fill(1)
  return Uint8Array.from({ length }, (_, row) => (selection.has(row) ? 1 : 0))
}

/** A row that the target does not take, with what was found before. */
export function refusal(batch: TableBatch<unknown>, row: number, code: string, message: string, column: string | undefined): Reject {
  const reject = batch.reject(row)
  const issue: Issue = {
    code,
    message,
    rule: "postgres",
    dimension: "validity",
    severity: "error",
    confidence: 1,
    ...(column === undefined ? {} : { column }),
  }
  return { ...reject, issues: [...reject.issues, issue] }
}
