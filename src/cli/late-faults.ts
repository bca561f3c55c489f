import type { Sink } from "../contract/sink.ts"
import { RowgateError } from "../errors/rowgate-error.ts"
import type { Reject } from "../model/reject.ts"
import { errorLines } from "./error-lines.ts"
import type { Printer } from "./printer.ts"

/**
 * Faults after the commit: a report or a file of rejects that could not be written. They do not undo the load, so they must not stop the next files
 * or look like a failed load. stderr names each of them once.
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

  /** Does work after a commit that writes `what`. */
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
    message: `The rows are committed, but ${what} could not be written: ${cause instanceof Error ? cause.message : String(cause)}.`,
    remedy: "Free space or choose another place. The ledger still has the data: see rowgate runs --json and rowgate rejects.",
    origin: { uri: what },
    cause,
  })
}
