import type { Origin } from "../../model/origin.ts"
import type { Reject } from "../../model/reject.ts"
import type { Connection } from "../connection/database.ts"
import { CopyLines } from "../copy/copy-lines.ts"
import { escapedText } from "../encode/byte-writer.ts"
import { storableText } from "../encode/storable-text.ts"
import { kindsOf } from "./cell-kinds.ts"

/** A null in COPY's text form. */
const copyNull = "\\N"
const columns = "run_id, reject, uri, version, table_name, row_number, line_number, byte_offset, address, raw, kinds, issues, attempts"

/** Rejects of a delivery, collected as COPY lines until the target's rows are copied. */
export class RejectLog implements AsyncDisposable {
  readonly #runId: string
  readonly #lines = new CopyLines()
  #count = 0
  #table: { uri: string; version: string | undefined; table: string | undefined; fields: string } | undefined

  constructor(runId: string) {
    this.#runId = runId
  }

  get count(): number {
    return this.#count
  }

  /** `attempts` is the number of the reject that the row was to correct. */
  add({ origin, raw, issues }: Reject, attempts?: number): void {
    this.#count++
    const { row, line, offset, address } = origin
    const place = `${row}\t${line ?? copyNull}\t${offset ?? copyNull}\t${textField(address)}`
    const content = `${jsonField(raw)}\t${jsonField(kindsOf(raw))}\t${jsonField(issues)}`
    // One text takes four fifths of the time of writing each field separately.
    this.#lines.add(`${this.#runId}\t${this.#count}\t${this.#tableOf(origin)}\t${place}\t${content}\t${attempts ?? copyNull}\n`)
  }

  /** Moves what has piled up out of memory. Call it between batches. */
  spillIfFull(): Promise<void> {
    return this.#lines.spillIfFull()
  }

  /** Writes all rejects to the ledger, in the transaction of the connection. */
  async store(connection: Connection): Promise<void> {
    if (this.#count > 0) await this.#lines.copyInto(connection, `rowgate.reject (${columns})`)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#lines[Symbol.asyncDispose]()
  }

  /** The fields for the file and its table, which are the same for nearly all rejects. */
  #tableOf({ uri, version, table }: Origin): string {
    const known = this.#table
    if (known?.uri === uri && known.version === version && known.table === table) return known.fields
    const fields = `${textField(uri)}\t${textField(version)}\t${textField(table)}`
    this.#table = { uri, version, table, fields }
    return fields
  }
}

function textField(value: string | undefined): string {
  return value === undefined ? copyNull : escapedText(storableText(value))
}

/** In the output of `JSON.stringify`, only backslashes need escaping, and PostgreSQL can store every character. */
function jsonField(value: unknown): string {
  return value === undefined ? copyNull : JSON.stringify(value).replaceAll("\\", "\\\\")
}
