import { setTimeout as wait } from "node:timers/promises"
import type { Handlers } from "../../../src/lambda/handlers/create-handlers.ts"
import type { LambdaContext } from "../../../src/lambda/handlers/lambda-context.ts"
import type { PartScore } from "../../../src/pipeline/split/part-score.ts"
import { runSteps } from "../handlers/run-steps.ts"
import type { FaultWorld, Functions } from "./fault-world.ts"
import type { Interruption } from "./mortal-process.ts"

/** One call of a function. */
export interface StepCall {
  /** The function, and the step of the loader or the scorer. */
  readonly name: string
  readonly handler: keyof Handlers
  readonly input: { readonly [name: string]: unknown }
  /** 1 for the first call with this input. */
  readonly attempt: number
}

/** How an execution goes. */
export interface ExecutionOptions {
  /** Whether the process dies in a call, or is frozen. */
  readonly interruptionOf?: ((call: StepCall) => Interruption | undefined) | undefined
  readonly contextOf?: ((call: StepCall) => LambdaContext | undefined) | undefined
  /** Before a call. */
  readonly before?: ((call: StepCall) => Promise<void> | void) | undefined
  /** After a call that has succeeded. */
  readonly after?: ((call: StepCall, functions: Functions, output: unknown) => Promise<void> | void) | undefined
  /** The calls that a step made, whether it ended or died. */
  readonly onCalls?: ((call: StepCall, calls: readonly string[], died: boolean) => void) | undefined
  /** After a process was frozen, before another one is called with the same input. */
  readonly onFrozen?: ((call: StepCall) => Promise<void>) | undefined
  readonly start?: (() => Functions) | undefined
  readonly mostAttempts?: number | undefined
  /** Calls the pipeline handler instead of the steps. Default: false. */
  readonly inOneCall?: boolean | undefined
  /** Whether the archive step follows. Default: true. */
  readonly archives?: boolean | undefined
}

/** How an execution ended. */
export interface ExecutionEnd {
  readonly status: string
  readonly manifest?: string | undefined
  /** Names of errors that were retried or final. */
  readonly errors: readonly string[]
  readonly kills: number
  /** Calls that were frozen and given up. */
  readonly zombies: readonly Zombie[]
}

/** A call that was frozen. */
export interface Zombie {
  readonly name: string
  /** Lets it go on. Resolves with what it returns, or the name of the error that it throws. */
  wake(): Promise<unknown>
}

/** Executes the state machine for an event: retries what may pass, starts a new process for one that died, and records a failure. */
export async function execute(world: FaultWorld, event: object, options: ExecutionOptions = {}): Promise<ExecutionEnd> {
  const { start = () => world.start() } = options
  const errors: string[] = []
  const zombies: Zombie[] = []
  let kills = 0
  let functions = start()
  let manifest: string | undefined

  const call = async (handler: keyof Handlers, input: StepCall["input"]): Promise<unknown> => {
    const name = stepName(handler, input)
    if (name === "loader load") await checkParts(world, input)
    for (let attempt = 1; ; attempt++) {
      const step: StepCall = { name, handler, input, attempt }
      await options.before?.(step)
      if (!functions.process.isAlive || functions.process.isFrozen) functions = start()
      const { process, handlers } = functions
      process.begin(options.interruptionOf?.(step))
      const settled = handlers[handler](input, options.contextOf?.(step)).then(
        (value) => ({ value }),
        (error: unknown) => ({ error }),
      )
      const ended = await Promise.race([settled, process.died.then(() => "died" as const), process.froze.then(() => "froze" as const)])
      if (ended === "froze") {
        zombies.push({
          name,
          wake() {
            process.thaw()
            return settled.then((end) => ("value" in end ? end.value : (end.error as Error).name))
          },
        })
        await options.onFrozen?.(step)
        options.onCalls?.(step, [...process.calls], true)
        continue
      }
      const died = ended === "died" || !process.isAlive
      options.onCalls?.(step, [...process.calls], died)
      if (died) {
        kills++
        if (name === "loader stage") await world.endLeases()
        if (attempt >= (options.mostAttempts ?? 12)) throw new Error(`${name} died ${attempt} times`)
        continue
      }
      if ("value" in ended) {
        await options.after?.(step, functions, ended.value)
        return ended.value
      }
      const { error } = ended
      const errorName = error instanceof Error ? error.name : String(error)
      errors.push(`${name}: ${errorName}: ${error instanceof Error ? error.message : ""}`)
      if (!["Rowgate.Retryable", "Rowgate.OutOfTime"].includes(errorName) || attempt >= (options.mostAttempts ?? 12)) throw error
      await wait(20 * attempt)
    }
  }

  try {
    if (options.inOneCall === true) {
      const { objects } = (await call("pipeline", event as StepCall["input"])) as {
        readonly objects: readonly { readonly status: string }[]
      }
      return { status: objects[0]?.status ?? "", errors, kills, zombies }
    }
    const run = await runSteps(functions.handlers, event, {
      processing: world.processing,
      call: async (handler, _handler, input) => {
        const output = await call(handler, input as StepCall["input"])
        const { manifest: found } = output as { readonly manifest?: string }
        manifest = found ?? manifest
        return output
      },
    })
    if (run.output === undefined) return { status: "ignored", manifest, errors, kills, zombies }
    if (options.archives !== false) await call("loader", { manifest, step: "archive" })
    return { status: run.output.status, manifest, errors, kills, zombies }
  } catch (error) {
    const { name, message } = error as Error
    // The state machine ends here without a failure.
    if (name === "Rowgate.DELIVERY_ENDED") return { status: "ended", manifest, errors, kills, zombies }
    const recorded = await call("loader", {
      step: "fail",
      error: { Error: name, Cause: JSON.stringify({ errorType: name, errorMessage: message }) },
      input: event,
      ...(manifest === undefined ? {} : { manifest }),
    }).catch((failure: Error) => void errors.push(`fail: ${failure.message}`))
    // The list of parts was gone, which the map reads by itself.
    if (errors.length === 0 && (recorded as { readonly status?: string })?.status === "gone")
      return { status: "ended", manifest, errors, kills, zombies }
    return { status: "failed", manifest, errors, kills, zombies }
  }
}

function stepName(handler: string, { step, merge }: StepCall["input"]): string {
  return [handler, ...(typeof step === "string" ? [step] : merge === true ? ["merge"] : [])].join(" ")
}

/** Conservation of rows, for each part and in sum. */
async function checkParts(world: FaultWorld, { manifest: uri, round }: StepCall["input"]): Promise<void> {
  const { processing, wrong } = world
  const key = String(uri).slice(processing.name.length)
  const json = async <T>(name: string): Promise<T> => {
    const chunks: Uint8Array[] = []
    for await (const chunk of processing.read(name)) chunks.push(chunk)
    return JSON.parse(Buffer.concat(chunks).toString())
  }
  const { writer, rows, parts } = await json<{ writer: string; rows: number; parts: number }>(key)
  const folder = `${key.replace(/manifest\.json$/, "")}${writer}/`
  const { rounds } = await json<{ rounds: readonly number[] }>(`${folder}v${round}/merged.json`)
  const items = await json<readonly { rows: number }[]>(`${folder}items.json`)
  let sum = 0
  for (const [part, of] of rounds.entries()) {
    const { counts } = await json<PartScore>(`${folder}v${of}/${String(part).padStart(6, "0")}.score.json`)
    if (counts.read !== items[part]?.rows || counts.read !== counts.passed + counts.rejected + counts.filtered)
      wrong.push(`part ${part} has ${JSON.stringify(counts)} of ${items[part]?.rows} rows`)
    sum += counts.read
  }
  if (sum !== rows || rounds.length !== parts) wrong.push(`${rounds.length} parts of ${parts} have ${sum} rows of ${rows}`)
}
