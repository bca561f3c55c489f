import type { Sink } from "../contract/sink.ts"
import type { Reject } from "../model/reject.ts"

const most = 3

/** The first rejects of each file, for the summary to show. */
export class RejectExamples {
  readonly #byFile = new Map<string, Reject[]>()

  of(uri: string): readonly Reject[] {
    return this.#byFile.get(uri) ?? []
  }

  /** The sink that collects them. */
  sink(): Sink<Reject> {
    return {
      name: "examples",
      delivery: "at-least-once",
      open: async () => {
        const first: Reject[] = []
        const keep = async () => {
          for (const reject of first.splice(0)) this.#add(reject)
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

  #add(reject: Reject): void {
    const known = this.#byFile.get(reject.origin.uri)
    if (known === undefined) this.#byFile.set(reject.origin.uri, [reject])
    else if (known.length < most) known.push(reject)
  }
}
