import { RowgateError } from "../errors/rowgate-error.ts"
import { PartFile } from "../files/part-file.ts"
import { createIssue } from "../model/create-issue.ts"
import type { Reject } from "../model/reject.ts"
import type { TableBatch } from "../model/table-batch.ts"
import type { FileFormat } from "./file-sink.ts"

/** Writes batches to a file, which appears under its name when it is complete. */
export async function writeTable(path: string, format: FileFormat, batches: AsyncIterable<TableBatch<unknown>>): Promise<void> {
  const section = await Section.create(path)
  try {
    for await (const batch of batches) await guarded(path, () => section.write(batch, format))
    await guarded(path, () => section.part.publish(path))
  } catch (error) {
    await section.part.discard()
    throw error
  }
}

/** The rows of one delivery. It is loaded when a sink is opened, because many programs only define their pipeline. */
export class Section {
  readonly #path: string
  readonly part: PartFile
  readonly refused: Reject[] = []
  written = 0
  #header: string | undefined

  private constructor(path: string, part: PartFile) {
    this.#path = path
    this.part = part
  }

  static async create(path: string): Promise<Section> {
    return new Section(path, await guarded(path, () => PartFile.create(path)))
  }

  async write(batch: TableBatch<unknown>, format: FileFormat): Promise<void> {
    const header = format.header(batch)
    if (this.#header === undefined) await this.part.write(header)
    else this.#compare(header)
    this.#header ??= header
    for (const row of batch.selection) {
      const text = format.row(batch, row)
      // UTF-8 would silently write U+FFFD, which is another value.
      if (!text.isWellFormed()) this.#refuse(batch, row)
      else {
        await this.part.write(text)
        this.written++
      }
    }
  }

  async take(next: Section): Promise<void> {
    if (this.#header !== undefined && next.#header !== undefined) this.#compare(next.#header)
    await this.part.take(next.part, this.#header === undefined ? 0 : Buffer.byteLength(next.#header ?? ""))
    this.#header ??= next.#header
  }

  #refuse(batch: TableBatch<unknown>, row: number): void {
    const message = "The row contains half of a surrogate pair, which UTF-8 cannot express."
    this.refused.push(batch.reject(row, [createIssue({ code: "text.lone_surrogate", message, rule: "file" })]))
  }

  #compare(header: string): void {
    if (header === this.#header) return
    throw new RowgateError({
      code: "SINK_SCHEMA_MISMATCH",
      message: `The file ${this.#path} has the columns ${this.#header?.trim()}, but the next rows have ${header.trim()}.`,
      remedy: "Write tables with different columns to different files.",
      origin: { uri: this.#path },
    })
  }
}

/** Turns an error of the file system into `SINK_REFUSED`. */
export async function guarded<R>(path: string, work: () => Promise<R>): Promise<R> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof Error && "code" in error && "syscall" in error)) throw error
    throw new RowgateError({
      code: "SINK_REFUSED",
      message: `The file ${path} cannot be written: ${error.message}.`,
      remedy: "Check that the folder exists, is writable and has room.",
      origin: { uri: path },
      cause: error,
    })
  }
}
