import type { Sink } from "../contract/sink.ts"
import { ndjsonFile } from "../sinks/ndjson-file.ts"

/** Sinks that several runs of one command share: each closes once, when the command is done. */
export class SharedSinks implements AsyncDisposable {
  readonly #sinks: Sink<never>[] = []
  readonly #rowFiles = new Map<string, Sink<unknown>>()

  /** The file that the rows of every run go to that names its path: were each to write its own, the last one would be left. */
  rowFile(path: string): Sink<unknown> {
    const sink = this.#rowFiles.get(path) ?? this.keep(ndjsonFile(path))
    this.#rowFiles.set(path, sink)
    return sink
  }

  /** The sink as a run may have it: the run's end does not close it. */
  keep<T>(sink: Sink<T>): Sink<T> {
    this.#sinks.push(sink)
    const { name, delivery, files, planOf } = sink
    return {
      name,
      delivery,
      files,
      ...(planOf === undefined ? {} : { planOf: (context, delivery) => planOf.call(sink, context, delivery) }),
      open: (context, delivery) => sink.open(context, delivery),
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const sink of this.#sinks) await sink.close?.(undefined)
  }
}
