import type { Issue } from "../../model/issue.ts"
import type { Connection } from "../connection/database.ts"
import { CopyLines } from "../copy/copy-lines.ts"
import { escapedText } from "../encode/byte-writer.ts"

/** The rows of a part that were refused while it was staged, and why. */
export class RefusalLog implements AsyncDisposable {
  readonly #prefix: string
  readonly #lines = new CopyLines()
  count = 0

  constructor(delivery: string, part: number) {
    this.#prefix = `${escapedText(delivery)}\t${part}`
  }

  /** Adds a row by its place in the part. */
  add(row: number, issues: readonly Issue[]): void {
    this.count++
    this.#lines.add(`${this.#prefix}\t${row}\t${JSON.stringify(issues).replaceAll("\\", "\\\\")}\n`)
  }

  spillIfFull(): Promise<void> {
    return this.#lines.spillIfFull()
  }

  async store(connection: Connection): Promise<void> {
    if (this.count > 0) await this.#lines.copyInto(connection, "rowgate.part_refusal (delivery, part, row_number, issues)")
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#lines[Symbol.asyncDispose]()
  }
}
