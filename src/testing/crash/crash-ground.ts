import { randomBytes } from "node:crypto"
import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { setTimeout as wait } from "node:timers/promises"
import { compareRows } from "./compare-rows.ts"
import { type CrashFile, crashFile } from "./crash-file.ts"
import type { LoaderOutput } from "./crash-message.ts"
import type { CleanLoad, CrashFault, CrashOptions, CrashTrial } from "./crash-options.ts"
import { LoaderPool } from "./loader-pool.ts"
import type { LoaderProgram } from "./loader-process.ts"
import { postgresFaults, recordMessages } from "./postgres-faults.ts"
import { processFaults } from "./process-faults.ts"
import { randomNumbers } from "./random-numbers.ts"
import { mostLoaded, TrialLoaders } from "./trial-loaders.ts"
import { untilClaimed } from "./until-claimed.ts"
import { watchTarget } from "./watch-target.ts"

/** What all trials have in common: the file, the loader processes, and what a load does to which nothing happens. */
export class CrashGround<Settings> implements AsyncDisposable {
  readonly #options: CrashOptions<Settings>
  readonly #program: LoaderProgram
  readonly #home: string
  readonly #file: CrashFile
  readonly #path: string
  readonly #pool: LoaderPool
  #clean: CleanLoad = { ms: 0, claimedMs: 0, calls: [], messages: [] }

  private constructor(options: CrashOptions<Settings>, home: string) {
    const { program, execArgv = [], rows = 20_000, seed = 1, lanes = 2 } = options
    this.#options = options
    this.#program = { program, execArgv, env: {} }
    this.#home = home
    this.#file = crashFile(rows, seed, options.rejectEvery)
    this.#path = join(home, "rows.csv")
    this.#pool = new LoaderPool(this.#program, home, lanes)
  }

  static async prepare<Settings>(options: CrashOptions<Settings>, home: string): Promise<CrashGround<Settings>> {
    const ground = new CrashGround(options, home)
    await writeFile(ground.#path, ground.#file.csv)
    try {
      // The second one is what the others are like: a new process, whose files and server are warm.
      for (let tries = 0; tries < 2; tries++) await ground.#withoutFault((trial) => ground.#watchLoad(trial))
      await ground.#withoutFault((trial) => ground.#watchMessages(trial))
      return ground
    } catch (error) {
      await ground[Symbol.asyncDispose]()
      throw error
    }
  }

  get clean(): CleanLoad {
    return this.#clean
  }

  async allFaults(): Promise<readonly CrashFault<Settings>[]> {
    const target = await this.#options.target(this.#file)
    await target.remove?.()
    return target.network === undefined ? processFaults() : [...processFaults<Settings>(), ...postgresFaults<Settings>()]
  }

  /** Makes a trial of a fault, and counts at which point it did harm; gives what it broke, and whether the harm came too early or too late. */
  async trial(fault: CrashFault<Settings>, number: number, points = new Map<string, number>()): Promise<TrialEnd> {
    const { seed = 1, patienceSeconds = 120 } = this.#options
    const target = await this.#options.target(this.#file)
    const loaders = new TrialLoaders(this.#pool, this.#program, this.#home, {
      settings: target.settings,
      path: this.#path,
      pipeline: target.pipeline ?? `crash-${randomBytes(6).toString("hex")}`,
      batchRows: this.#options.batchRows ?? 1024,
      attempts: number % 2 === 0 ? 1 : 3,
    })
    const random = randomNumbers(seed + number * 7919)
    const notes: string[] = []
    let isMiss = false
    const trial: CrashTrial<Settings> = {
      target,
      file: this.#file,
      number,
      random,
      clean: this.#clean,
      note: (what) => void notes.push(what),
      harmed: (point) => void points.set(point, (points.get(point) ?? 0) + 1),
      missed: () => {
        isMiss = true
      },
      start: (start) => loaders.start(start),
    }
    const over = new AbortController()
    try {
      const broken = await Promise.race([
        this.#judge(fault, trial, loaders),
        wait(patienceSeconds * 1000, [`the trial had not ended after ${patienceSeconds} seconds`], { signal: over.signal }),
      ])
      return { broken: broken.length === 0 ? [] : [...notes, ...broken], isMiss }
    } finally {
      over.abort()
      await loaders.give()
      await target.remove?.()
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pool[Symbol.asyncDispose]()
  }

  async #judge(fault: CrashFault<Settings>, trial: CrashTrial<Settings>, loaders: TrialLoaders<Settings>): Promise<readonly string[]> {
    const { target } = trial
    const before = await target.look()
    const watch = watchTarget(target)
    try {
      const own = await fault.run(trial).catch((error: unknown) => [error instanceof Error ? error.message : String(error)])
      const last = await loadToTheEnd(trial)
      await watch.stop()
      const after = await target.look()
      const legal = new Set([before, after, ...(target.between ?? [])])
      const torn = [...watch.seen].filter((value) => !legal.has(value))
      return [
        ...(own ?? []),
        ...last,
        ...torn.slice(0, 3).map((value) => `a reader saw ${value}, which is neither the state before (${before}) nor after (${after})`),
        ...compareRows(target.expected ?? this.#file.rows, await target.rows()),
        ...((await target.leaks?.()) ?? []),
        ...(await loaders.leftovers(mostLoaded(target))),
      ]
    } finally {
      await watch.stop()
    }
  }

  async #withoutFault(run: CrashFault<Settings>["run"]): Promise<void> {
    const { broken } = await this.trial({ name: "nothing", trials: 1, run }, 0)
    if (broken.length > 0) throw new Error(`the sink breaks without a fault: ${broken.join("; ")}`)
  }

  async #watchLoad({ start, target }: CrashTrial<Settings>): Promise<undefined> {
    const loader = await start()
    const isClaimed = await untilClaimed(target, loader)
    const claimedAt = performance.now()
    const output = await loader.ended
    if (output?.outcome !== "loaded") throw new Error(`a loader to which nothing happened said ${saying(output)}`)
    const claimedMs = isClaimed ? performance.now() - claimedAt : output.ms
    this.#clean = { ms: output.ms, claimedMs, calls: output.calls, messages: [] }
  }

  async #watchMessages(trial: CrashTrial<Settings>): Promise<undefined> {
    if (trial.target.network !== undefined) this.#clean = { ...this.#clean, messages: await recordMessages(trial) }
  }
}

/** What came of a trial. */
interface TrialEnd {
  readonly broken: readonly string[]
  readonly isMiss: boolean
}

/** In such a share of trials another loader follows the one that loaded at last. By chance: every fourth would meet the same points only. */
const askedAgain = 0.25

/** One more loader, to which nothing happens; where it is the one that loads, another one must notice that. */
async function loadToTheEnd<Settings>({ start, random, target }: CrashTrial<Settings>): Promise<readonly string[]> {
  const last = await (await start()).ended
  if (last?.outcome === "duplicate") return []
  if (last?.outcome !== "loaded") return [`the loader after the fault said ${saying(last)}`]
  if (target.repeats === true || random() >= askedAgain) return []
  const again = await (await start()).ended
  return again?.outcome === "duplicate" ? [] : [`a loader of what is loaded already said ${again?.outcome ?? again?.message}`]
}

function saying(output: LoaderOutput | undefined): string {
  return output === undefined ? "nothing" : (output.outcome ?? `${output.code}: ${output.message}`)
}
