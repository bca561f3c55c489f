import type { Context } from "../../contract/context.ts"
import type { Delivery } from "../../contract/delivery.ts"
import type { Sink, SinkSession } from "../../contract/sink.ts"
import type { AnyRow } from "../build/definition.ts"
import { tryEach } from "./try-each.ts"

/** The sessions of one delivery, closed in reverse order whatever happens. */
export class OpenSessions implements AsyncDisposable {
  readonly sessions: SinkSession<AnyRow>[] = []
  readonly #context: Context
  readonly #delivery: Delivery

  constructor(context: Context, delivery: Delivery) {
    this.#context = context
    this.#delivery = delivery
  }

  async all(sinks: readonly Sink<AnyRow>[], onOpen: () => void = () => undefined): Promise<readonly SinkSession<AnyRow>[]> {
    const opened: SinkSession<AnyRow>[] = []
    for (const sink of sinks) {
      const session = await sink.open(this.#context, this.#delivery)
      this.sessions.push(session)
      opened.push(session)
      onOpen()
    }
    return opened
  }

  /** Closes those that are open: what was not committed is undone. */
  async undo(): Promise<void> {
    await tryEach(this.sessions.splice(0).toReversed(), (session) => session[Symbol.asyncDispose]())
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.undo()
  }
}
