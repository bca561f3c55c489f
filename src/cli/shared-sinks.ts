import type { Sink } from "../contract/sink.ts"
import { ndjsonFile } from "../sinks/ndjson-file.ts"

/** Sinks that several runs of one command share. Each closes once, at the end of the command. */
export class SharedSinks implements AsyncDisposable {
  readonly #sinks: Sink<never>[] = []
  readonly #rowFiles = new Map<string, Sink<unknown>>()

  /** The file for the rows of all runs into one path. If each run wrote its own, only the last one would remain. */
  rowFile(path: string): Sink<unknown> {
    const sink = this.#rowFiles.get(path) ?? this.keep(ndjsonFile(path))
    this.#rowFiles.set(path, sink)
    return sink
  }

  /** The sink for a run, whose end does not close it. */
  keep<T>(sink: Sink<T>): Sink<T> {
    this.#sinks.push(sink)
    const { name, delivery, files, hides, planOf, textColumns } = sink
    return {
      name,
      delivery,
      files,
      ...(hides === undefined ? {} : { hides: (column, plan) => hides.call(sink, column, plan) }),
      ...(planOf === undefined ? {} : { planOf: (context, delivery) => planOf.call(sink, context, delivery) }),
      ...(textColumns === undefined ? {} : { textColumns: (context, columns) => textColumns.call(sink, context, columns) }),
      open: (context, delivery) => sink.open(context, delivery),
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const sink of this.#sinks) await sink.close?.(undefined)
  }
}
