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

/** What all trials share: the file, the loader processes, and the record of a load without faults. */
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
      // The second trial is typical: a new process, but with warm files and a warm server.
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

  /**
   * Runs one trial of a fault and counts the point at which it did harm. Returns what the fault broke, and whether the harm came too early or
   * too late.
   */
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
        wait(patienceSeconds * 1000, [`the trial did not end within ${patienceSeconds} seconds`], { signal: over.signal }),
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
    if (broken.length > 0) throw new Error(`The sink breaks its promises without a fault: ${broken.join("; ")}.`)
  }

  async #watchLoad({ start, target }: CrashTrial<Settings>): Promise<undefined> {
    const loader = await start()
    const isClaimed = await untilClaimed(target, loader)
    const claimedAt = performance.now()
    const output = await loader.ended
    if (output?.outcome !== "loaded") throw new Error(`A loader without faults said: ${saying(output)}.`)
    const claimedMs = isClaimed ? performance.now() - claimedAt : output.ms
    this.#clean = { ms: output.ms, claimedMs, calls: output.calls, messages: [] }
  }

  async #watchMessages(trial: CrashTrial<Settings>): Promise<undefined> {
    if (trial.target.network !== undefined) this.#clean = { ...this.#clean, messages: await recordMessages(trial) }
  }
}

/** The result of a trial. */
interface TrialEnd {
  readonly broken: readonly string[]
  readonly isMiss: boolean
}

/** In this share of trials, another loader follows the last one. It is random, because every fourth trial would always hit the same points. */
const askedAgain = 0.25

/** Starts one more loader without faults. If it loads the file, another loader must find it loaded. */
async function loadToTheEnd<Settings>({ start, random, target }: CrashTrial<Settings>): Promise<readonly string[]> {
  const last = await (await start()).ended
  if (last?.outcome === "duplicate") return []
  if (last?.outcome !== "loaded") return [`the loader after the fault said: ${saying(last)}`]
  if (target.repeats === true || random() >= askedAgain) return []
  const again = await (await start()).ended
  return again?.outcome === "duplicate" ? [] : [`a loader of bytes that were already loaded said: ${again?.outcome ?? again?.message}`]
}

function saying(output: LoaderOutput | undefined): string {
  return output === undefined ? "nothing" : (output.outcome ?? `${output.code}: ${output.message}`)
}
