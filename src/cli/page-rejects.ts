import type { Sink } from "../contract/sink.ts"
import type { Reject } from "../model/reject.ts"

/** More than a page shows of one delivery. */
const most = 400
/** The most deliveries whose rejects are kept: a page shows few of them in full. */
const mostDeliveries = 10

/** The first rejects of each delivery, for a report page. */
export class PageRejects {
  readonly #kept: Reject[] = []
  #deliveries = 0

  get all(): readonly Reject[] {
    return this.#kept
  }

  /** The sink that collects them. */
  sink(): Sink<Reject> {
    return {
      name: "page",
      delivery: "at-least-once",
      open: async () => {
        const first: Reject[] = []
        const keep = async () => {
          if (first.length > 0 && this.#deliveries++ < mostDeliveries) this.#kept.push(...first)
        }
        return {
          write: async (batch) => {
            for (const reject of batch.rows) if (first.length < most) first.push(reject)
          },
          commit: keep,
          refuse: keep,
          [Symbol.asyncDispose]: async () => undefined,
        }
      },
    }
  }
}
