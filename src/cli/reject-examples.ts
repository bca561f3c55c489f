import type { Sink } from "../contract/sink.ts"
import type { Reject } from "../model/reject.ts"

const most = 5

/** The first rejects of each file, for the summary to show. */
export class RejectExamples {
  readonly #byFile = new Map<string, Reject[]>()

  of(uri: string): readonly Reject[] {
    return this.#byFile.get(uri) ?? []
  }

  /** The sink that gathers them. */
  sink(): Sink<Reject> {
    return {
      name: "examples",
      delivery: "at-least-once",
      open: async () => ({
        write: async (batch) => {
          for (const reject of batch.rows) this.#add(reject)
        },
        commit: async () => undefined,
        [Symbol.asyncDispose]: async () => undefined,
      }),
    }
  }

  #add(reject: Reject): void {
    const known = this.#byFile.get(reject.origin.uri)
    if (known === undefined) this.#byFile.set(reject.origin.uri, [reject])
    else if (known.length < most) known.push(reject)
  }
}
