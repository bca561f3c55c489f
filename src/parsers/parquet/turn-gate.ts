import { setImmediate as nextTurn } from "node:timers/promises"

/** Gives the event loop a turn after every few pieces of work that do not wait for anything, even if many begin at once. */
export class TurnGate {
  readonly #every: number
  #passed = 0
  #gate: Promise<unknown> = Promise.resolve()

  constructor(every: number) {
    this.#every = every
  }

  /** Await this before each piece of work. */
  pass(): Promise<unknown> {
    if (++this.#passed % this.#every === 0) this.#gate = this.#gate.then(() => nextTurn())
    return this.#gate
  }
}
