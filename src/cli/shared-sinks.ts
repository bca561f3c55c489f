import type { Sink } from "../contract/sink.ts"

/** Sinks that several runs of one command share: each closes once, when the command is done. */
export class SharedSinks implements AsyncDisposable {
  readonly #sinks: Sink<never>[] = []

  /** The sink as a run may have it: the run's end does not close it. */
  keep<T>(sink: Sink<T>): Sink<T> {
    this.#sinks.push(sink)
    const { planOf } = sink
    return {
      name: sink.name,
      delivery: sink.delivery,
      ...(planOf === undefined ? {} : { planOf: (context, delivery) => planOf.call(sink, context, delivery) }),
      open: (context, delivery) => sink.open(context, delivery),
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const sink of this.#sinks) await sink.close?.(undefined)
  }
}
