import { readdir, readlink } from "node:fs/promises"
import { tmpdir } from "node:os"
import { setTimeout as wait } from "node:timers/promises"
import type { Sink } from "../../contract/sink.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"
import { conserves, type RunReport } from "../../model/run-report.ts"
import { date } from "../../normalize/date.ts"
import { decimal } from "../../normalize/decimal.ts"
import { integer } from "../../normalize/integer.ts"
import { required } from "../../normalize/required.ts"
import { text } from "../../normalize/text.ts"
import { csv } from "../../parsers/csv/csv.ts"
import { createPipeline } from "../../pipeline/build/create-pipeline.ts"
import type { LoadPipeline } from "../../pipeline/build/pipeline.ts"
import { file } from "../../sources/file.ts"
import type { CrashRow } from "./crash-file.ts"
import type { Failpoint, LoaderOutput, LoaderWord, LoadJob, SinkCall } from "./crash-message.ts"
import { failingSink } from "./failing-sink.ts"

/**
 * Turns the program that calls it into a loader of `crashTrials`. It loads what it is told into the sink that `sinkOf` makes from a target's
 * settings, until it is killed or the trials end. The program does nothing else, and only `crashTrials` starts it.
 *
 * `load` says what to do with the pipeline, such as a replay. Default: run it. Throws if `crashTrials` did not start the program.
 */
export function crashLoader<Settings>(
  sinkOf: (settings: Settings) => Sink<CrashRow>,
  load: CrashLoad<Settings> = ({ pipeline, signal }) => pipeline.run({ signal }),
): void {
  if (process.send === undefined) throw new Error("A crash loader must be started by crashTrials({ program }).")
  // Node creates these streams on first use. Created later, they would look like something that the load left open.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined)
  const stop = new AbortController()
  let loading = false
  process.on("SIGTERM", () => {
    stop.abort()
    if (!loading) process.disconnect?.()
  })
  process.on("disconnect", () => process.exit())
  process.on("message", async (job: LoadJob) => {
    loading = true
    say({ ended: await loaded(sinkOf, load, job, stop) })
    loading = false
    if (stop.signal.aborted) process.disconnect?.()
  })
  say({ ready: true })
}

/** What a loader does with its pipeline. */
export type CrashLoad<Settings> = (work: {
  /** Loads the file of the trials into the sink. */
  readonly pipeline: Pick<LoadPipeline<CrashRow>, "run" | "replay">
  /** The settings of the target. */
  readonly settings: Settings
  /** The path of the file. */
  readonly path: string
  /** Aborted when the loader must stop. */
  readonly signal: AbortSignal
}) => Promise<RunReport>

function say(word: LoaderWord): void {
  process.send?.(word)
}

async function loaded<Settings>(
  sinkOf: (settings: Settings) => Sink<CrashRow>,
  load: CrashLoad<Settings>,
  job: LoadJob,
  stop: AbortController,
): Promise<LoaderOutput> {
  const before = await openThings()
  const calls: SinkCall[] = []
  const begun = performance.now()
  const said = await attempt(() => sinkOf(job.settings as Settings), load, job, calls, stop)
  const ms = performance.now() - begun
  return { ...said, calls, ms, leaks: await leftOver(before) }
}

async function attempt<Settings>(
  sink: () => Sink<CrashRow>,
  load: CrashLoad<Settings>,
  job: LoadJob,
  calls: SinkCall[],
  stop: AbortController,
) {
  const { path, batchRows, attempts, failpoint } = job
  try {
    const pipeline = createPipeline({ name: job.pipeline, batchRows, retry: { attempts, delayMs: 100 } })
      .from(file(path))
      .parse(csv({ delimiter: ",", header: 1 }))
      .normalize({
        columns: {
          id: required(integer()),
          name: required(text()),
          amount: required(decimal()),
          day: required(date(["yyyy-MM-dd"])),
        },
      })
      .into(failingSink(sink(), calls, failpoint, (point) => happen(point, stop)))
    const report = await load({ pipeline, settings: job.settings as Settings, path, signal: stop.signal })
    const outcomes = report.deliveries.map(({ outcome }) => outcome)
    const outcome = outcomes.find((one) => one === "loaded") ?? outcomes[0] ?? "none"
    return { outcome, loaded: report.loaded, conserves: [report, ...report.deliveries].every(conserves) }
  } catch (error) {
    const code = error instanceof RowgateError ? error.code : "UNEXPECTED"
    return { code, message: error instanceof Error ? error.message : String(error) }
  }
}

function happen(failpoint: Failpoint, stop: AbortController): void {
  if (failpoint.act === "kill") process.kill(process.pid, "SIGKILL")
  if (failpoint.act === "abort") stop.abort()
  if (failpoint.act === "throw") throw new Error("The crash kit made this call fail.")
  if (failpoint.act !== "stop") return
  say({ reached: failpoint })
  process.kill(process.pid, "SIGSTOP")
}

/** What keeps this process alive, and the temporary files that it has open. */
async function openThings(): Promise<readonly string[]> {
  const files = await readdir("/proc/self/fd").catch(() => [])
  const paths = await Promise.all(files.map((name) => readlink(`/proc/self/fd/${name}`).catch(() => "")))
  const temporary = paths.filter((path) => path.startsWith(tmpdir())).map(() => "temporary file")
  return [...process.getActiveResourcesInfo().filter((name) => name !== "Immediate" && name !== "FSReqPromise"), ...temporary]
}

/** What is open now and was not before. Sockets that were just closed may need another moment. */
async function leftOver(before: readonly string[]): Promise<readonly string[]> {
  for (let tries = 0; ; tries++) {
    const left = [...(await openThings())]
    for (const name of before) if (left.includes(name)) left.splice(left.indexOf(name), 1)
    if (left.length === 0 || tries === 50) return left
    await wait(20, undefined, { ref: false })
  }
}
