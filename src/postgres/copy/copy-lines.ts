import type { Connection } from "../connection/database.ts"
import { ByteWriter } from "../encode/byte-writer.ts"
import { SpillFile } from "../retain/spill-file.ts"

/** Bytes that are kept in memory: more would be fresh pages, which take longer than a file does. */
const memoryBytes = 1 << 20

/** Lines for a COPY that cannot begin yet. Those that memory has no room for wait in a temporary file. */
export class CopyLines implements AsyncDisposable {
  readonly #lines = new ByteWriter()
  #spill: SpillFile | undefined

  /** A line in COPY's text form, with its newline. */
  add(line: string): void {
    this.#lines.utf8(line)
  }

  /** To be called now and then: moves what has piled up out of memory. */
  async spillIfFull(): Promise<void> {
    if (this.#lines.length < memoryBytes) return
    this.#spill ??= await SpillFile.create()
    await this.#spill.append(this.#lines.bytes.subarray(0, this.#lines.length))
    this.#lines.length = 0
  }

  /** Copies all lines into a table, which is named with its columns. */
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
