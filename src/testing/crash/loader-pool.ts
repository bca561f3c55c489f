import { join } from "node:path"
import { LoaderProcess, type LoaderProgram } from "./loader-process.ts"

/**
 * Loader processes that wait for work, so that a trial does not pay for the start of one it kills: those that have loaded most in front,
 * new ones at the back. A load takes five times the processor time in a new process, whose code is cold.
 */
export class LoaderPool implements AsyncDisposable {
  readonly #program: LoaderProgram
  readonly #home: string
  readonly #spares: number
  readonly #idle: Promise<LoaderProcess>[] = []
  #started = 0

  constructor(program: LoaderProgram, home: string, spares: number) {
    this.#program = program
    this.#home = home
    this.#spares = spares
  }

  /** One that is likely to be killed had better be new: killed half-way, it does not even pay for being warm. */
  async take(which: "new" | "warm"): Promise<LoaderProcess> {
    const found = await ((which === "new" ? this.#idle.pop() : this.#idle.shift()) ?? this.#start())
    if (this.#idle.length < this.#spares) this.#keep(this.#start())
    return found
  }

  /** Takes back a process whose load has ended; one that was killed is buried. */
  async give(loader: LoaderProcess): Promise<void> {
    if (loader.isIdle && this.#idle.length < 10 * this.#spares) this.#idle.unshift(Promise.resolve(loader))
    else await loader.end()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const all = await Promise.allSettled(this.#idle.splice(0))
    await Promise.all(all.map((each) => (each.status === "fulfilled" ? each.value.end() : undefined)))
  }

  #start(): Promise<LoaderProcess> {
    return LoaderProcess.start(this.#program, join(this.#home, `temp-${++this.#started}`))
  }

  #keep(loader: Promise<LoaderProcess>): void {
    loader.catch(() => undefined)
    this.#idle.push(loader)
  }
}
