import { randomUUID } from "node:crypto"
import { setTimeout as sleep } from "node:timers/promises"
import pLimit from "p-limit"
import type { JsonValue } from "../../src/model/json-value.ts"
import type {
  Catcher,
  ChoiceState,
  Condition,
  Definition,
  JsonObject,
  MapState,
  PassState,
  Retrier,
  State,
  TaskState,
} from "./definition.ts"
import { fill, find, put, read, type Scope } from "./json-path.ts"
import { StateError } from "./state-error.ts"

export interface RunnerOptions {
  /** Calls a function by the text of `FunctionName`. If it throws, the error's name is the name of the error that states see. */
  invoke(functionName: string, payload: JsonValue): Promise<JsonValue>
  /** The text of an object, for maps that read their items from S3. */
  getObject(bucket: string, key: string): Promise<string>
  /** The order in which a map starts its items. Default: as they are listed. */
  readonly order?: "listed" | "reversed" | "shuffled"
  /** How often each item of a map is processed; twice runs both at the same time. Default: 1. */
  readonly times?: 1 | 2
  /** The most items at a time, where this is less than the state says. */
  readonly concurrency?: number
  /** Seconds of real time for each second that a state would wait. Default: 0. */
  readonly timeScale?: number
}

export interface Execution {
  readonly status: "SUCCEEDED" | "FAILED"
  readonly output: JsonValue
  readonly error: string | undefined
  readonly cause: string | undefined
  /** The names of the states as they were entered, those of a map's items after the map's own. */
  readonly states: readonly string[]
  /** The seconds that each retry would have waited. */
  readonly waits: readonly number[]
}

/** The most bytes of a state's input or output, as Step Functions has it. */
const maxStateBytes = 262_144
/** The most bytes that a function may receive or return: pointers, never rows. */
const maxFunctionBytes = 32_000

/** Executes a state machine in this process, and functions as its caller says. */
export async function runStateMachine(definition: Definition, input: JsonValue, options: RunnerOptions): Promise<Execution> {
  const run = new Run(options)
  const { states, waits } = run
  try {
    const output = await run.machine(definition, input, {
      Execution: { Id: `arn:aws:states:local:execution:${randomUUID()}`, Input: input },
    })
    return { status: "SUCCEEDED", output, error: undefined, cause: undefined, states, waits }
  } catch (error) {
    if (!(error instanceof StateError)) throw error
    return { status: "FAILED", output: null, error: error.name, cause: error.cause, states, waits }
  }
}

class Run {
  readonly states: string[] = []
  readonly waits: number[] = []
  readonly #options: RunnerOptions

  constructor(options: RunnerOptions) {
    this.#options = options
  }

  async machine(definition: Definition, input: JsonValue, context: JsonObject): Promise<JsonValue> {
    let name: string | undefined = definition.StartAt
    let data = input
    while (name !== undefined) {
      const state: State | undefined = definition.States[name]
      if (state === undefined) throw new Error(`There is no state ${name}.`)
      this.states.push(name)
      checkSize(data, `The input of ${name}`)
      const { output, next } = await this.#state(state, data, { ...context, State: { Name: name } })
      checkSize(output, `The output of ${name}`)
      data = output
      name = next
    }
    return data
  }

  async #state(state: State, raw: JsonValue, context: JsonObject): Promise<{ output: JsonValue; next: string | undefined }> {
    if (state.Type === "Fail") throw failure(state, { data: raw, context })
    const data = select(state.InputPath, { data: raw, context })
    const scope = { data, context }
    const ended = (output: JsonValue, next: string | undefined) => ({ output: select(state.OutputPath, { data: output, context }), next })
    switch (state.Type) {
      case "Succeed":
        return ended(data, undefined)
      case "Choice":
        return ended(data, choose(state, scope))
      case "Pass":
        return ended(put(passed(state, scope), state.ResultPath, raw), state.Next)
      case "Wait":
        await this.#wait(state.Seconds ?? Number(read(String(state.SecondsPath), scope)))
        return ended(data, state.Next)
      case "Task":
      case "Map":
        try {
          return ended(put(await this.#withRetries(state, scope), state.ResultPath, raw), state.Next)
        } catch (error) {
          const catcher = error instanceof StateError ? state.Catch?.find((each) => matches(each, error)) : undefined
          if (catcher === undefined) throw error
          const { name, cause } = error as StateError
          return { output: put({ Error: name, Cause: cause }, catcher.ResultPath, raw), next: catcher.Next }
        }
    }
  }

  async #withRetries(state: TaskState | MapState, scope: Scope): Promise<JsonValue> {
    const attempts = new Map<Retrier, number>()
    for (;;) {
      try {
        const result = state.Type === "Task" ? await this.#task(state, scope) : await this.#map(state, scope)
        return state.ResultSelector === undefined ? result : fill(state.ResultSelector, { ...scope, data: result })
      } catch (error) {
        const retrier = error instanceof StateError ? state.Retry?.find((each) => matches(each, error)) : undefined
        const before = retrier === undefined ? 0 : (attempts.get(retrier) ?? 0)
        if (retrier === undefined || before >= (retrier.MaxAttempts ?? 3)) throw error
        attempts.set(retrier, before + 1)
        await this.#wait(delaySeconds(retrier, before))
      }
    }
  }

  async #wait(seconds: number): Promise<void> {
    this.waits.push(seconds)
    await sleep(seconds * 1_000 * (this.#options.timeScale ?? 0))
  }

  async #task({ Resource: resource, Parameters, TimeoutSeconds = 60 }: TaskState, scope: Scope): Promise<JsonValue> {
    if (resource !== "arn:aws:states:::lambda:invoke") throw new Error(`The runner does not know the resource ${resource}.`)
    const { FunctionName: name, Payload: payload = {}, ...unknown } = fill(Parameters ?? {}, scope) as JsonObject
    if (typeof name !== "string" || Object.keys(unknown).length > 0) throw new Error(`The runner does not know ${Object.keys(unknown)}.`)
    checkFunctionSize(payload, `The payload of ${name}`)
    const result = await inTime(TimeoutSeconds, this.#options.invoke(name, asSent(payload)))
    checkFunctionSize(result, `The result of ${name}`)
    return { ExecutedVersion: "$LATEST", Payload: asSent(result), StatusCode: 200 }
  }

  async #map(state: MapState, scope: Scope): Promise<JsonValue> {
    const { ProcessorConfig, ...processor } = state.ItemProcessor
    const isDistributed = ProcessorConfig.Mode === "DISTRIBUTED"
    const items = await this.#items(state, scope)
    const inputs = items.map((value, index) => {
      const context = { ...scope.context, Map: { Item: { Index: index, Value: value } } }
      return { value: state.ItemSelector === undefined ? value : fill(state.ItemSelector, { ...scope, context }), context }
    })
    const limit = pLimit(Math.min(state.MaxConcurrency || 40, this.#options.concurrency ?? 40))
    const results: JsonValue[] = []
    let firstError: unknown
    await Promise.all(
      this.#ordered(inputs).map(([index, { value, context }]) =>
        limit(async () => {
          if (firstError !== undefined) return
          try {
            // The children of a distributed map are executions of their own.
            const own = isDistributed ? { ...context, Execution: { Id: `${index}`, Input: value } } : context
            results[index] = await this.machine(processor, value, own)
          } catch (error) {
            firstError ??= error
          }
        }),
      ),
    )
    if (firstError instanceof StateError && isDistributed && (state.ToleratedFailureCount ?? 0) === 0)
      throw new StateError("States.ExceedToleratedFailureThreshold", "The specified tolerated failure threshold was exceeded")
    if (firstError !== undefined) throw firstError
    checkSize(results, "The result of a map")
    return results
  }

  async #items({ ItemReader: reader, ItemsPath: path = "$" }: MapState, scope: Scope): Promise<readonly JsonValue[]> {
    const items = reader === undefined ? read(path, scope) : await this.#readItems(reader, scope)
    if (!Array.isArray(items)) throw new StateError("States.Runtime", "The items of a map are not a list.")
    return items
  }

  async #readItems({ Resource, ReaderConfig, Parameters }: NonNullable<MapState["ItemReader"]>, scope: Scope): Promise<JsonValue> {
    if (Resource !== "arn:aws:states:::s3:getObject" || ReaderConfig.InputType !== "JSON")
      throw new Error(`The runner does not know the reader ${Resource} of ${ReaderConfig.InputType}.`)
    const { Bucket: bucket, Key: key } = fill(Parameters, scope) as JsonObject
    try {
      return JSON.parse(await this.#options.getObject(String(bucket), String(key)))
    } catch (error) {
      throw new StateError("States.ItemReaderFailed", String(error))
    }
  }

  #ordered<T>(items: readonly T[]): (readonly [number, T])[] {
    const listed = items.map((item, index) => [index, item] as const)
    const { order = "listed", times = 1 } = this.#options
    if (order === "reversed") listed.reverse()
    if (order === "shuffled")
      for (let at = listed.length - 1; at > 0; at--) {
        const other = Math.floor(Math.random() * (at + 1))
        const [a, b] = [listed[at], listed[other]] as [(typeof listed)[0], (typeof listed)[0]]
        listed[at] = b
        listed[other] = a
      }
    return times === 1 ? listed : listed.flatMap((each) => [each, each])
  }
}

function select(path: string | null | undefined, scope: Scope): JsonValue {
  return path === null ? {} : read(path ?? "$", scope)
}

function passed({ Result: result, Parameters: parameters }: PassState, scope: Scope): JsonValue {
  if (result !== undefined) return result
  return parameters === undefined ? scope.data : fill(parameters, scope)
}

function choose({ Choices, Default }: ChoiceState, scope: Scope): string {
  const next = Choices.find((choice) => holds(choice, scope))?.Next ?? Default
  if (next === undefined) throw new StateError("States.NoChoiceMatched", `No choice matches ${JSON.stringify(scope.data).slice(0, 500)}.`)
  return next
}

function holds(condition: Condition, scope: Scope): boolean {
  if (condition.And !== undefined) return condition.And.every((each) => holds(each, scope))
  if (condition.Or !== undefined) return condition.Or.some((each) => holds(each, scope))
  if (condition.Not !== undefined) return !holds(condition.Not, scope)
  const path = String(condition.Variable)
  if (condition.IsPresent !== undefined) return (find(path, scope) !== undefined) === condition.IsPresent
  return read(path, scope) === (condition.StringEquals ?? condition.NumericEquals ?? condition.BooleanEquals)
}

/** States.ALL holds all but what the engine itself cannot go on with. */
function matches({ ErrorEquals }: Retrier | Catcher, { name }: StateError): boolean {
  if (name === "States.Runtime" || name === "States.DataLimitExceeded") return ErrorEquals.includes(name)
  return ErrorEquals.some((each) => each === name || each === "States.ALL" || (each === "States.TaskFailed" && name !== "States.Timeout"))
}

function delaySeconds(retrier: Retrier, attempt: number): number {
  const { IntervalSeconds = 1, BackoffRate = 2, MaxDelaySeconds = Number.POSITIVE_INFINITY, JitterStrategy = "NONE" } = retrier
  const longest = Math.min(MaxDelaySeconds, IntervalSeconds * BackoffRate ** attempt)
  return JitterStrategy === "FULL" ? Math.random() * longest : longest
}

async function inTime<T>(seconds: number, work: Promise<T>): Promise<T> {
  const stop = new AbortController()
  const late = sleep(seconds * 1_000, undefined, { signal: stop.signal, ref: false }).then(() => {
    throw new StateError("States.Timeout", `No result after ${seconds} seconds.`)
  })
  try {
    return await Promise.race([work.catch((error: unknown) => Promise.reject(functionError(error))), late])
  } finally {
    stop.abort()
    late.catch(() => {})
  }
}

/** What states see of an error that a function throws. */
function functionError(error: unknown): StateError {
  if (error instanceof StateError) return error
  const { name, message, stack = "" } = error instanceof Error ? error : new Error(String(error))
  return new StateError(name, JSON.stringify({ errorType: name, errorMessage: message, trace: stack.split("\n") }))
}

function failure({ Error: error, Cause: cause, ErrorPath, CausePath }: Extract<State, { Type: "Fail" }>, scope: Scope): StateError {
  const text = (path: string | undefined, given: string | undefined) => (path === undefined ? (given ?? "") : String(read(path, scope)))
  return new StateError(text(ErrorPath, error), text(CausePath, cause))
}

/** A copy, as what passes between functions is JSON text. */
function asSent(value: JsonValue): JsonValue {
  return JSON.parse(JSON.stringify(value ?? null))
}

function checkSize(value: JsonValue, subject: string): void {
  const bytes = Buffer.byteLength(JSON.stringify(value))
  if (bytes > maxStateBytes)
    throw new StateError("States.DataLimitExceeded", `${subject} has ${bytes} bytes; the limit is ${maxStateBytes}.`)
}

function checkFunctionSize(value: JsonValue, subject: string): void {
  const bytes = Buffer.byteLength(JSON.stringify(value ?? null))
  if (bytes > maxFunctionBytes) throw new Error(`${subject} has ${bytes} bytes; a function gets and returns at most ${maxFunctionBytes}.`)
}
