import { type ChildProcess, fork } from "node:child_process"
import { mkdir, readdir } from "node:fs/promises"
import type { Failpoint, LoaderOutput, LoaderWord, LoadJob } from "./crash-message.ts"

/** One load in a separate process. */
export interface Loader {
  /** The id of its process. */
  readonly pid: number
  /** Its result; undefined if it was killed first. Rejects if it died without being killed. */
  readonly ended: Promise<LoaderOutput | undefined>
  /** Resolves when it has reached its failpoint and stops there; never if it does not reach it. */
  readonly reached: Promise<Failpoint>
  /** Whether it is still running. */
  readonly running: boolean
  /** Sends a signal. After SIGKILL, its later messages are ignored. */
  kill(signal: NodeJS.Signals): void
}

/** How to start loader processes. */
export interface LoaderProgram {
  readonly program: string | URL
  readonly execArgv: readonly string[]
  readonly env: { readonly [name: string]: string | undefined }
}

/** A process that performs one load after another until it is killed. */
export class LoaderProcess {
  readonly temp: string
  readonly #child: ChildProcess
  readonly #ready: Promise<void>
  #own: ReadonlySet<string> | undefined
  #stderr = ""
  #killed = false
  #leaving = false
  #dead = false
  #hear: (word: LoaderWord) => void = () => undefined
  #bury: () => void = () => undefined

  private constructor(child: ChildProcess, temp: string) {
    this.#child = child
    this.temp = temp
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-4000)
    })
    child.on("error", () => undefined)
    this.#ready = new Promise((resolve) => {
      this.#hear = () => resolve()
      this.#bury = resolve
    })
    child.on("message", (word: LoaderWord) => this.#hear(word))
    child.once("close", () => {
      this.#dead = true
      this.#bury()
    })
  }

  /** Starts a process. `temp` becomes its folder for temporary files. */
  static async start({ program, execArgv, env }: LoaderProgram, temp: string): Promise<LoaderProcess> {
    await mkdir(temp, { recursive: true })
    const child = fork(program, [], {
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      execArgv: [...execArgv],
      // biome-ignore lint/style/noProcessEnv: the program must find the environment that the trials were started in, but for its temporary folder
      env: { ...process.env, TMPDIR: temp, ...env },
    })
    return new LoaderProcess(child, temp)
  }

  /** Whether it can take another load. */
  get isIdle(): boolean {
    return !this.#dead && !this.#killed && !this.#leaving && this.#child.connected
  }

  /** Starts a load. The previous one must have ended. */
  async load(job: LoadJob): Promise<Loader> {
    await this.#ready
    if (this.#dead) throw new Error(`The loader program ended before it called crashLoader: ${this.#death()}`)
    // The tool that runs the program, such as tsx, may keep its own files there.
    this.#own ??= new Set(await readdir(this.temp))
    let reach: (failpoint: Failpoint) => void = () => undefined
    const reached = new Promise<Failpoint>((resolve) => {
      reach = resolve
    })
    let running = true
    const ended = new Promise<LoaderOutput | undefined>((resolve, reject) => {
      this.#hear = (word) => {
        if ("reached" in word) reach(word.reached)
        if ("ended" in word) resolve(word.ended)
      }
      const isMeantToDie = () => this.#killed || this.#leaving || job.failpoint?.act === "kill"
      this.#bury = () => (isMeantToDie() ? resolve(undefined) : reject(new Error(this.#death())))
    }).finally(() => {
      running = false
    })
    ended.catch(() => undefined)
    // A program that was told to stop cannot load again.
    if (job.failpoint?.act === "abort") this.#leaving = true
    this.#child.send(job)
    const own = this
    return {
      pid: this.#child.pid ?? 0,
      ended,
      reached,
      get running() {
        return running && !own.#dead
      },
      kill: (signal) => this.kill(signal),
    }
  }

  kill(signal: NodeJS.Signals): void {
    if (signal === "SIGKILL") this.#killed = true
    if (signal === "SIGTERM") this.#leaving = true
    this.#child.kill(signal)
  }

  /** Ends the process. Resolves when it is gone. */
  async end(): Promise<void> {
    if (this.#dead) return
    const gone = new Promise((resolve) => this.#child.once("close", resolve))
    this.kill("SIGKILL")
    await gone
  }

  /** The files in its temporary folder that its loads created. */
  async leftovers(): Promise<readonly string[]> {
    const names = await readdir(this.temp).catch(() => [])
    return names.filter((name) => this.#own?.has(name) !== true)
  }

  #death(): string {
    const { exitCode, signalCode } = this.#child
    return `a loader died by itself (${signalCode ?? `exit code ${exitCode}`}): ${this.#stderr.trim().split("\n").slice(-12).join("\n")}`
  }
}
