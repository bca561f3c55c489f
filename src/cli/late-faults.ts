import type { Sink } from "../contract/sink.ts"
import { RowgateError } from "../errors/rowgate-error.ts"
import type { Reject } from "../model/reject.ts"
import { errorLines } from "./error-lines.ts"
import type { Printer } from "./printer.ts"

/**
 * What goes wrong once rows are committed: a report, or a file of rejects, that could not be written. That does not undo the load, so it must
 * neither stop the files that follow nor look like a load that failed. It is said on stderr, once for each thing.
 */
export class LateFaults {
  readonly #stderr: Printer
  readonly #said = new Set<string>()

  constructor(stderr: Printer) {
    this.#stderr = stderr
  }

  get any(): boolean {
    return this.#said.size > 0
  }

  /** Does what comes after a commit; `what` is written by it. */
  async during(what: string, work: () => unknown): Promise<void> {
    try {
      await work()
    } catch (error) {
      if (!this.#said.has(what)) await this.#stderr.lines(errorLines(lateError(what, error)))
      this.#said.add(what)
    }
  }

  /** A sink of rejects whose file is written after the rows are committed. */
  sink(path: string, sink: Sink<Reject>): Sink<Reject> {
    return {
      name: sink.name,
      delivery: sink.delivery,
      open: async (context, delivery) => {
        const session = await sink.open(context, delivery)
        return {
          write: (batch) => session.write(batch),
          commit: (report) => this.during(path, () => session.commit(report)),
          [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
        }
      },
      close: (report) => this.during(path, () => sink.close?.(report)),
    }
  }
}

function lateError(what: string, cause: unknown): RowgateError {
  return new RowgateError({
    code: "SINK_REFUSED",
    message: `What was loaded is committed, but ${what} could not be written: ${cause instanceof Error ? cause.message : String(cause)}.`,
    remedy: "Make room or choose another place. The ledger has what is missing: see rowgate runs --json and rowgate rejects.",
    origin: { uri: what },
    cause,
  })
}
