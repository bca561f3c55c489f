import type { Connection } from "../connection/database.ts"
import { ByteWriter } from "../encode/byte-writer.ts"
import { SpillFile } from "../retain/spill-file.ts"

/** Bytes to keep in memory. Fresh pages for more would take longer than a file. */
const memoryBytes = 1 << 20

/** Lines for a COPY that cannot begin yet. If they take too much memory, they move to a temporary file. */
export class CopyLines implements AsyncDisposable {
  readonly #lines = new ByteWriter()
  #spill: SpillFile | undefined

  /** Adds a line in COPY's text form, with its newline. */
  add(line: string): void {
    this.#lines.utf8(line)
  }

  /** Moves what has piled up out of memory. Call it between batches. */
  async spillIfFull(): Promise<void> {
    if (this.#lines.length < memoryBytes) return
    this.#spill ??= await SpillFile.create()
    await this.#spill.append(this.#lines.bytes.subarray(0, this.#lines.length))
    this.#lines.length = 0
  }

  /** Copies all lines into a table; `table` includes the column list. */
  async copyInto(connection: Connection, table: string): Promise<void> {
    const copy = connection.copyIn(table, "FORMAT text, ENCODING 'UTF8'")
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
}
