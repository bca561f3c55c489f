import { join } from "node:path"
import { LoaderProcess, type LoaderProgram } from "./loader-process.ts"

/** Loader processes that wait for work, so that a trial does not pay for the start of one it kills. */
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

  async take(): Promise<LoaderProcess> {
    const found = await (this.#idle.shift() ?? this.#start())
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
