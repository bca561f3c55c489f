import { randomBytes } from "node:crypto"
import { join } from "node:path"
import type { LoaderOutput, LoadJob } from "./crash-message.ts"
import type { CrashTarget, LoaderStart } from "./crash-options.ts"
import type { LoaderPool } from "./loader-pool.ts"
import { type Loader, LoaderProcess, type LoaderProgram } from "./loader-process.ts"

/** How many loaders of a trial may report that they loaded. */
export function mostLoaded({ deliveries = 1, repeats }: Pick<CrashTarget, "deliveries" | "repeats">): number {
  return repeats === true ? Number.POSITIVE_INFINITY : deliveries
}

/** The loaders of one trial and their results. */
export class TrialLoaders<Settings> {
  readonly #pool: LoaderPool
  readonly #program: LoaderProgram
  readonly #home: string
  readonly #job: Omit<LoadJob, "failpoint">
  readonly #busy: { readonly process: LoaderProcess; readonly loader: Loader; readonly pooled: boolean }[] = []
  readonly #said: LoaderOutput[] = []
  readonly #used = new Set<LoaderProcess>()

  constructor(pool: LoaderPool, program: LoaderProgram, home: string, job: Omit<LoadJob, "failpoint">) {
    this.#pool = pool
    this.#program = program
    this.#home = home
    this.#job = job
  }

  /** Starts a loader. The first one of a trial is the one that is harmed. */
  async start({ settings, failpoint, attempts, env }: LoaderStart<Settings> = {}): Promise<Loader> {
    const process =
      env === undefined ? (this.#free() ?? (await this.#pool.take(this.#used.size === 0 ? "new" : "warm"))) : await this.#own(env)
    this.#used.add(process)
    const loader = await process.load({
      ...this.#job,
      settings: settings ?? this.#job.settings,
      attempts: attempts ?? this.#job.attempts,
      failpoint,
    })
    this.#busy.push({ process, loader, pooled: env === undefined })
    loader.ended.then(
      (output) => output !== undefined && this.#said.push(output),
      () => undefined,
    )
    return loader
  }

  /** What the loaders left behind, and contradictions in their results. */
  async leftovers(mostLoaded: number): Promise<readonly string[]> {
    const files = (await Promise.all([...this.#used].map((process) => process.leftovers()))).flat()
    const leaks = this.#said.flatMap((output) => output.leaks)
    const loaded = this.#said.filter(({ outcome }) => outcome === "loaded").length
    return [
      ...(files.length === 0 ? [] : [`temporary files are left: ${files.slice(0, 3).join(", ")}`]),
      ...(leaks.length === 0 ? [] : [`loaders left open: ${[...new Set(leaks)].join(", ")}`]),
      ...(loaded <= mostLoaded ? [] : [`${loaded} loaders report that they loaded`]),
      ...(this.#said.some(({ conserves }) => conserves === false) ? ["a report does not account for every row"] : []),
    ]
  }

  /** Returns the processes to the pool. Those that are still working are killed. */
  async give(): Promise<void> {
    for (const { process, loader, pooled } of this.#busy.splice(0)) {
      if (loader.running || !pooled) await process.end()
      else await this.#pool.give(process)
    }
  }

  /** A process of this trial that is idle. */
  #free(): LoaderProcess | undefined {
    const at = this.#busy.findIndex(({ process, loader, pooled }) => pooled && !loader.running && process.isIdle)
    return at < 0 ? undefined : this.#busy.splice(at, 1)[0]?.process
  }

  #own(env: { readonly [name: string]: string }): Promise<LoaderProcess> {
    return LoaderProcess.start({ ...this.#program, env }, join(this.#home, `own-${randomBytes(6).toString("hex")}`))
  }
}
