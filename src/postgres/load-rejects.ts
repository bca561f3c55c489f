import type { RefusedRows } from "../contract/sink.ts"
import type { Reject } from "../model/reject.ts"
import type { TableBatch } from "../model/table-batch.ts"
import type { Connection } from "./connection/database.ts"
import type { CorrectedRows } from "./ledger/corrected-rows.ts"
import type { Redaction } from "./ledger/redaction.ts"
import { RejectLog } from "./ledger/reject-log.ts"
import { RefusedLog } from "./retain/refused-log.ts"

/** The rows of a delivery that are not loaded: rejected by the pipeline or refused by the database. */
export class LoadRejects implements AsyncDisposable {
  readonly #redaction: Redaction
  readonly #corrected: CorrectedRows | undefined
  readonly #log: RejectLog
  readonly #refused = new RefusedLog()
  readonly #header = new Set<string>()

  constructor(deliveryId: string, redaction: Redaction, corrected: CorrectedRows | undefined) {
    this.#redaction = redaction
    this.#corrected = corrected
    this.#log = new RejectLog(deliveryId)
  }

  /** How many rows there are. */
  get count(): number {
    return this.#log.count
  }

  /** Those that the database refused. */
  get refused(): RefusedRows {
    return this.#refused
  }

  /** Column names of the file. */
  get header(): readonly string[] {
    return [...this.#header]
  }

  /** Adds the rows of a batch that the pipeline rejected. */
  addRejected(batch: TableBatch<unknown>): void {
    for (const name of batch.rawShape.names) this.#header.add(name)
    for (const row of batch.rejected()) this.#add(this.#redaction.reject(batch.reject(row)))
  }

  /** Adds a row that the database refused. */
  addRefused(refused: Reject): void {
    const reject = this.#redaction.reject(refused)
    this.#refused.add(reject)
    this.#add(reject)
  }

  /** Moves what has piled up out of memory. Call it between batches, and between rows that are refused one after another. */
  async spillIfFull(): Promise<void> {
    await this.#log.spillIfFull()
    await this.#refused.spillIfFull()
  }

  /** Writes all of them to the ledger, in the transaction of the connection. */
  store(connection: Connection): Promise<void> {
    return this.#log.store(connection)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#log[Symbol.asyncDispose]()
    await this.#refused[Symbol.asyncDispose]()
  }

  #add(reject: Reject): void {
    this.#log.add(reject, this.#corrected?.rejectedAgain(reject.origin.row))
  }
}
