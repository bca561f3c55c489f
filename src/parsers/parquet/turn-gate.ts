import { setImmediate as nextTurn } from "node:timers/promises"

/** Gives others their turn once in a while among many pieces of work that wait for nothing themselves, however many are begun at once. */
export class TurnGate {
  readonly #every: number
  #passed = 0
  #gate: Promise<unknown> = Promise.resolve()

  constructor(every: number) {
    this.#every = every
  }

  /** To be awaited before a piece of work. */
  pass(): Promise<unknown> {
    if (++this.#passed % this.#every === 0) this.#gate = this.#gate.then(() => nextTurn())
    return this.#gate
  }
}
