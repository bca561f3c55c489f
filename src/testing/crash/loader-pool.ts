import { join } from "node:path"
import { LoaderProcess, type LoaderProgram } from "./loader-process.ts"

/**
 * Loader processes that wait for work, so that a trial need not wait for a process to start. Those that have loaded most come first, new ones
 * last. In a new process, whose code is cold, a load takes five times the processor time.
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

  /** A loader that is likely to be killed should be new: a warm one would be wasted. */
  async take(which: "new" | "warm"): Promise<LoaderProcess> {
    const found = await ((which === "new" ? this.#idle.pop() : this.#idle.shift()) ?? this.#start())
    if (this.#idle.length < this.#spares) this.#keep(this.#start())
    return found
  }

  /** Takes back a process whose load has ended. A killed process is removed. */
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
