import type { Sink } from "../contract/sink.ts"
import { TableBatch } from "../model/table-batch.ts"
import type { Section } from "./file-section.ts"

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
      const { guarded, Section } = await import("./file-section.ts")
      const section = await Section.create(path)
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
      if (done === undefined) return
      const { guarded } = await import("./file-section.ts")
      await guarded(path, () => done.part.publish(path))
    },
  }
}
