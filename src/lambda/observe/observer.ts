import { env } from "node:process"
import type { Logger } from "../../contract/logger.ts"
import { checkOptions } from "../../options/check-options.ts"
import { either, having, oneOf } from "../../options/option-kinds.ts"
import type { LambdaContext } from "../handlers/lambda-context.ts"
import { deliveryMetrics, type EndedDelivery } from "./delivery-metrics.ts"
import { emfMetrics } from "./emf-metrics.ts"
import { jsonLogger } from "./json-logger.ts"
import { errorFields, logFields } from "./log-fields.ts"
import { environmentLevel } from "./log-level.ts"
import type { Metric, MetricsTarget } from "./metrics-target.ts"
import { watchTraces } from "./watch-traces.ts"

/** Options of `createObserver`. */
export interface ObserverOptions {
  /** Where lines go: `jsonLogger(...)`, `powertoolsLogger(...)`, or any logger of your own. Default: `jsonLogger()`. */
  readonly logger?: Logger | undefined
  /** Where metrics go: `emfMetrics(...)` or `powertoolsMetrics(...)`; false for nowhere. Default: `emfMetrics()`. */
  readonly metrics?: MetricsTarget | false | undefined
}

/** One call of a function. */
export interface FunctionCall {
  /** What the function does: `"parser"`, `"validator"` and so on. A dimension of its metrics. */
  readonly part: string
  /** The name of the pipeline. A dimension of its metrics. */
  readonly pipeline: string
  /** The second argument of the handler. */
  readonly context?: LambdaContext | undefined
}

/** A call while it runs. */
export interface ObservedCall {
  /** Adds the fields of the call to each line. */
  readonly logger: Logger
  /** Adds fields to all later lines, such as `runId` and `deliveryId`. They are also properties of the metrics. Never pass a value of a row. */
  describe(fields: { readonly [name: string]: string | number | undefined }): void
  /** Counts how often the work of this call was tried before. */
  retried(times: number): void
  /** Writes the metrics of a delivery and logs its outcome. Not needed for deliveries of `pipeline.run()` within the call, which are noticed. */
  delivered(delivery: EndedDelivery): void
  /** Writes values of your own, in the namespace and with the dimensions of the call. */
  measure(metrics: readonly Metric[]): void
}

/** Writes the logs and metrics of the functions of one process. */
export interface Observer {
  /** Does the work of a call. Logs its failure, and measures how long it took. */
  call<R>(call: FunctionCall, work: (observed: ObservedCall) => Promise<R>): Promise<R>
}

/** Observes the calls of functions: create it once, outside of the handler. It reads the environment when a call begins. */
export function createObserver(options: ObserverOptions = {}): Observer {
  checkOptions("createObserver()", options, {
    logger: having<Logger>("a logger with debug, info, warn and error", "debug", "info", "warn", "error"),
    metrics: either(having<MetricsTarget>("a target such as emfMetrics()", "write"), oneOf(false)),
  })
  const logger = options.logger ?? jsonLogger()
  const metrics = options.metrics === false ? undefined : (options.metrics ?? emfMetrics())
  let calls = 0
  return {
    async call(call, work) {
      // With provisioned concurrency, nobody waited for the start.
      const isCold = calls++ === 0 && env["AWS_LAMBDA_INITIALIZATION_TYPE"] !== "provisioned-concurrency"
      const observed = new CallObserver(call, isCold, logger, metrics)
      return await observed.around(() => work(observed))
    },
  }
}

class CallObserver implements ObservedCall {
  readonly logger: Logger
  readonly #target: Logger
  readonly #metrics: MetricsTarget | undefined
  readonly #call: FunctionCall
  readonly #isCold: boolean
  #fields: { readonly [name: string]: string | number | boolean | undefined }
  #retries = 0

  constructor(call: FunctionCall, isCold: boolean, target: Logger, metrics: MetricsTarget | undefined) {
    const { part, pipeline, context = {} } = call
    this.#call = call
    this.#isCold = isCold
    this.#target = target
    this.#metrics = metrics
    const { awsRequestId: requestId, functionName, functionVersion } = context
    this.#fields = { requestId, function: functionName, version: functionVersion, part, pipeline, coldStart: isCold }
    const at = (level: keyof Logger) => (fields: object, message?: string) =>
      unharmed(() => this.#target[level]({ ...this.#fields, ...logFields(fields) }, message))
    this.logger = { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") }
  }

  describe(fields: { readonly [name: string]: string | number | undefined }): void {
    this.#fields = { ...this.#fields, ...fields }
  }

  retried(times: number): void {
    this.#retries += times
  }

  delivered(delivery: EndedDelivery): void {
    const { deliveryId, uri, outcome, counts, score } = delivery
    this.#write(deliveryMetrics(delivery), { ...(deliveryId === undefined ? {} : { deliveryId }), ...(uri === undefined ? {} : { uri }) })
    if (outcome !== undefined)
      this.logger.info({ deliveryId, uri, outcome, ...counts, score: score?.overall ?? undefined }, `the delivery ended: ${outcome}`)
  }

  measure(metrics: readonly Metric[]): void {
    this.#write(metrics)
  }

  async around<R>(work: () => Promise<R>): Promise<R> {
    const start = performance.now()
    let failures = 0
    this.logger.debug({}, "the call begins")
    try {
      return await watchTraces(this, isDebug(this.#target), work)
    } catch (error) {
      failures = 1
      this.logger.error({ error: errorFields(error) }, "the call failed")
      throw error
    } finally {
      const ms = Math.round(performance.now() - start)
      this.logger.debug({ ms }, "the call ended")
      this.#write([
        { name: "Duration", unit: "Milliseconds", value: ms },
        { name: "Failures", unit: "Count", value: failures },
        { name: "Retries", unit: "Count", value: this.#retries },
        ...(this.#isCold ? [{ name: "ColdStart", unit: "Count" as const, value: 1 }] : []),
      ])
    }
  }

  #write(metrics: readonly Metric[], more: { readonly [name: string]: string } = {}): void {
    const { part, pipeline } = this.#call
    const own = Object.entries(this.#fields).flatMap(([name, value]) =>
      ["string", "number"].includes(typeof value) && name !== "part" && name !== "pipeline" ? [[name, String(value)]] : [],
    )
    const properties = { ...Object.fromEntries(own), ...more }
    unharmed(() => this.#metrics?.write({ metrics, dimensions: { pipeline, part }, properties }))
  }
}

/** A logger that tells no level is asked by the environment. */
function isDebug(logger: Logger): boolean {
  const level = "level" in logger && typeof logger.level === "string" ? logger.level : undefined
  return environmentLevel(level === undefined ? env : { LOG_LEVEL: level }) === "debug"
}

/** A logger or a target of metrics that throws must not stop a delivery, least of all one that has just been committed. */
function unharmed(write: () => void): void {
  try {
    write()
  } catch {
    // There is nowhere left to say so.
  }
}
