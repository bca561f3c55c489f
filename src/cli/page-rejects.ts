import type { Sink } from "../contract/sink.ts"
import type { Reject } from "../model/reject.ts"

/** More rejects than a page shows of one delivery. */
const most = 400
/** The characters of their cells. A page shows the beginning of each cell, so longer rejects are not worth their memory. */
const mostCharacters = 4_000_000
/** The most deliveries whose rejects are kept: a page shows few of them in full. */
const mostDeliveries = 10

/** The first rejects of a delivery, as many as a page may show. */
export class FirstRejects {
  readonly all: Reject[] = []
  #characters = 0

  /** Returns false if there is no room for more. */
  add(reject: Reject): boolean {
    if (this.all.length >= most || this.#characters >= mostCharacters) return false
    for (const cell of Object.values(reject.raw)) if (typeof cell === "string") this.#characters += cell.length
    this.all.push(reject)
    return true
  }
}

/** The first rejects of each delivery of a load, for its page. */
export class PageRejects {
  readonly #deliveries: FirstRejects[] = []

  get all(): readonly Reject[] {
    return this.#deliveries.flatMap(({ all }) => all)
  }

  /** The sink that collects them. */
  sink(): Sink<Reject> {
    return {
      name: "page",
      delivery: "at-least-once",
      open: async () => {
        const first = new FirstRejects()
        const keep = async () => {
          if (first.all.length > 0 && this.#deliveries.length < mostDeliveries) this.#deliveries.push(first)
        }
        return {
          write: async (batch) => {
            for (const reject of batch.rows) if (!first.add(reject)) return
          },
          commit: keep,
          refuse: keep,
          [Symbol.asyncDispose]: async () => undefined,
        }
      },
    }
  }
}
