import type { Logger } from "../../contract/logger.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"
import type { EndedDelivery } from "../observe/delivery-metrics.ts"
import type { ObservedCall } from "../observe/observer.ts"
import type { LambdaContext } from "./lambda-context.ts"

/** Time that a handler keeps to undo what it has begun, and to answer. */
const reserveMs = 5_000
/** A short call keeps this share of its time. */
const reserveShare = 0.1
/** Work that can stop and go on later stops this long before. */
const nearMs = 10_000

/** One call of a handler: when it must end, and where it logs. Dispose it at its end. */
export class HandlerCall implements Disposable {
  readonly #observed: ObservedCall
  readonly #endsAt: number
  readonly #nearAt: number
  readonly #abort = new AbortController()
  readonly #timer: NodeJS.Timeout | undefined

  constructor(context: LambdaContext | undefined, observed: ObservedCall) {
    this.#observed = observed
    const remainingMs = remainingOf(context)
    const usableMs = remainingMs - Math.min(reserveMs, remainingMs * reserveShare)
    this.#endsAt = Date.now() + usableMs
    this.#nearAt = this.#endsAt - Math.min(nearMs, usableMs * reserveShare)
    if (Number.isFinite(usableMs)) this.#timer = setTimeout(() => this.#abort.abort(outOfTime()), Math.max(0, usableMs))
    this.#timer?.unref()
  }

  /** Adds the fields of the call to each line. */
  get logger(): Logger {
    return this.#observed.logger
  }

  /** Adds fields to all later lines of the call. */
  describe(fields: Parameters<ObservedCall["describe"]>[0]): void {
    this.#observed.describe(fields)
  }

  /** Writes the metrics of a delivery that no run of this call has delivered. */
  delivered(delivery: EndedDelivery): void {
    this.#observed.delivered(delivery)
  }

  /** Writes values with the dimensions of the call. */
  measure(metrics: Parameters<ObservedCall["measure"]>[0]): void {
    this.#observed.measure(metrics)
  }

  /** Aborted when the time is used up, with the error `OUT_OF_TIME`. */
  get signal(): AbortSignal {
    return this.#abort.signal
  }

  /** When the call must have ended; undefined without a limit. */
  get endsAt(): Date | undefined {
    return Number.isFinite(this.#endsAt) ? new Date(this.#endsAt) : undefined
  }

  /** Whether the end is so near that work which can stop and go on later should stop. */
  get isNear(): boolean {
    return Date.now() >= this.#nearAt
  }

  get remainingMs(): number {
    return this.#endsAt - Date.now()
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer)
  }
}

/** Not for files that take longer than a whole call: those fail again. */
function outOfTime(): RowgateError {
  return new RowgateError({
    code: "OUT_OF_TIME",
    message: "The function stopped because its time was nearly over. What it has written stays.",
    remedy:
      "Call it again with the same input. If it stops again at the same place, raise its time limit or its memory, which also gives it more processor time.",
    retryable: true,
  })
}

/** No limit where nothing tells one, as in a program that calls a handler itself. */
function remainingOf(context: LambdaContext | null | undefined): number {
  const remaining = context?.getRemainingTimeInMillis
  const ms: unknown = typeof remaining === "function" ? remaining.call(context) : undefined
  return typeof ms === "number" && !Number.isNaN(ms) ? ms : Number.POSITIVE_INFINITY
}
