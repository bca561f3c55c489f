import type { Sink } from "../contract/sink.ts"
import { RowgateError } from "../errors/rowgate-error.ts"
import { PartFile } from "../files/part-file.ts"
import { createIssue } from "../model/create-issue.ts"
import type { Reject } from "../model/reject.ts"
import { TableBatch } from "../model/table-batch.ts"

/** How rows are written to a file. */
export interface FileFormat {
  readonly name: string
  /** The text before the first row. */
  header(batch: TableBatch<unknown>): string
  /** The text of one row of the batch. */
  row(batch: TableBatch<unknown>, row: number): string
}

/**
 * A file that gets all deliveries of a run, in the order of their commits. At the end of the run it appears under its name, complete, and
 * replaces the previous file. A run that commits nothing leaves the previous file unchanged.
 */
export function fileSink<T>(path: string, format: FileFormat): Sink<T> {
  let whole: Section | undefined
  let turn: Promise<unknown> = Promise.resolve()
  return {
    name: `${format.name}:${path}`,
    delivery: "at-least-once",
    async open(context) {
      const section = new Section(path, await guarded(path, () => PartFile.create(path)))
      return {
        async write(batch) {
          context.signal.throwIfAborted()
          await guarded(path, () => section.write(TableBatch.from(batch), format))
        },
        async settle() {
          return { loaded: section.written, superseded: 0, skipped: 0, refused: section.refused }
        },
        async commit() {
          const joined = turn.then(async () => {
            if (whole === undefined) whole = section
            else await whole.take(section)
          })
          turn = joined.catch(() => undefined)
          await guarded(path, () => joined)
        },
        async [Symbol.asyncDispose]() {
          if (section !== whole) await section.part.discard()
        },
      }
    },
    async close() {
      const done = whole
      whole = undefined
      if (done !== undefined) await guarded(path, () => done.part.publish(path))
    },
  }
}

/** Writes batches to a file, which appears under its name when it is complete. */
export async function writeTable(path: string, format: FileFormat, batches: AsyncIterable<TableBatch<unknown>>): Promise<void> {
  const section = new Section(path, await guarded(path, () => PartFile.create(path)))
  try {
    for await (const batch of batches) await guarded(path, () => section.write(batch, format))
    await guarded(path, () => section.part.publish(path))
  } catch (error) {
    await section.part.discard()
    throw error
  }
}

/** The rows of one delivery. */
class Section {
  readonly #path: string
  readonly part: PartFile
  readonly refused: Reject[] = []
  written = 0
  #header: string | undefined

  constructor(path: string, part: PartFile) {
    this.#path = path
    this.part = part
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

async function guarded<R>(path: string, work: () => Promise<R>): Promise<R> {
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
