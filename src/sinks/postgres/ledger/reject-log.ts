import type { Reject } from "../../../model/reject.ts"
import type { Connection } from "../database.ts"
import { ByteWriter } from "../encode/byte-writer.ts"
import { SpillFile } from "../spill-file.ts"
import { kindsOf } from "./cell-kinds.ts"
import { storableText } from "./storable.ts"

const newline = 10
const columns = "run_id, reject, uri, version, table_name, row_number, line_number, byte_offset, address, raw, kinds, issues, attempts"

/** Bytes of rejects that are kept in memory. */
const memoryBytes = 4 << 20

/** Rejects of a delivery, collected as COPY lines until the target's rows are in; beyond some MiB they wait in a temporary file. */
export class RejectLog implements AsyncDisposable {
  readonly #runId: string
  readonly #memoryBytes: number
  readonly #lines = new ByteWriter()
  #spill: SpillFile | undefined
  #count = 0

  constructor(runId: string, limitBytes: number = memoryBytes) {
    this.#runId = runId
    this.#memoryBytes = limitBytes
  }

  get count(): number {
    return this.#count
  }

  /** `attempts` is the reject that the row was to correct. */
  add({ origin, raw, issues }: Reject, attempts?: number): void {
    this.#count++
    const kinds = kindsOf(raw)
    this.#text(this.#runId)
    this.#text(String(this.#count))
    this.#text(origin.uri)
    this.#text(origin.version)
    this.#text(origin.table)
    this.#text(String(origin.row))
    this.#text(origin.line?.toString())
    this.#text(origin.offset?.toString())
    this.#text(origin.address)
    this.#text(JSON.stringify(raw))
    this.#text(kinds && JSON.stringify(kinds))
    this.#text(JSON.stringify(issues))
    this.#text(attempts?.toString())
    this.#lines.bytes[this.#lines.length - 1] = newline
  }

  /** To be called now and then: moves what has piled up out of memory. */
  async relieve(): Promise<void> {
    if (this.#lines.length < this.#memoryBytes) return
    this.#spill ??= await SpillFile.create()
    await this.#spill.append(this.#lines.bytes.subarray(0, this.#lines.length))
    this.#lines.length = 0
  }

  /** Writes all rejects to the ledger, within the transaction of the connection. */
  async store(connection: Connection): Promise<void> {
    if (this.#count === 0) return
    const copy = connection.copyIn(`rowgate.reject (${columns})`, "FORMAT text, ENCODING 'UTF8'")
    for await (const bytes of this.#spill?.read() ?? []) {
      copy.write(bytes)
      await copy.drained()
    }
    copy.write(this.#lines.bytes.subarray(0, this.#lines.length))
    await copy.end()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#spill?.close()
    this.#spill = undefined
  }

  #text(value: string | undefined): void {
    if (value === undefined) this.#lines.ascii("\\N")
    else this.#lines.text(storableText(value))
    this.#lines.ascii("\t")
  }
}
