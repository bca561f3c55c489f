import { setTimeout as wait } from "node:timers/promises"
import type { Context } from "../../contract/context.ts"
import type { SourceFile } from "../../contract/source.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"
import type { DeliveryReport } from "../../model/run-report.ts"
import { defined } from "../../options/defined.ts"
import type { Definition } from "../build/definition.ts"
import { deliver } from "./deliver.ts"
import type { DeliveryAttempt } from "./delivery-attempt.ts"
import type { RunSettings } from "./run-options.ts"

/**
 * A delivery, tried again as a whole while what it fails for may pass by itself. Every attempt begins with nothing: the sessions of the one
 * before were undone, the file is read from its first byte, and counts begin at 0. Once a sink has committed nothing is tried again.
 */
export async function deliverWithRetries(
  definition: Definition,
  file: SourceFile,
  context: Context,
  options: RunSettings,
): Promise<DeliveryReport> {
  const {
    attempts = 5,
    delayMs = 500,
    maxDelayMs = 15_000,
  } = {
    ...defined(definition.options.retry),
    ...defined(options.retry),
  }
  const attempt: DeliveryAttempt = { number: 1, reached: false, decided: false }
  for (; ; attempt.number++) {
    try {
      return await deliver(definition, file, context, options, attempt)
    } catch (error) {
      if (attempt.number >= attempts || file.once === true || context.signal.aborted || !mayPass(error, attempt)) throw error
      // Full jitter: those who were in each other's way must not come back together.
      const pauseMs = Math.round(Math.random() * Math.min(maxDelayMs, delayMs * 2 ** (attempt.number - 1)))
      const { code, message } = error
      context.logger.warn({ uri: file.uri, code, message, attempt: attempt.number, pauseMs }, "the delivery failed and is tried again")
      await wait(pauseMs, undefined, { signal: context.signal })
    }
  }
}

function mayPass(error: unknown, { reached, decided }: DeliveryAttempt): error is RowgateError {
  if (!(error instanceof RowgateError) || !error.retryable || decided) return false
  const { code, cause } = error
  if (code === "LEASE_LOST") return true
  // Without a cause it is the sink's own word, and asked for: another run has the file, and this one was told not to wait.
  if (code === "SINK_BUSY") return cause !== undefined
  // A sink is patient when it connects. One that was never reached has most likely a wrong address, which should be said soon.
  if (code === "SINK_UNREACHABLE") return reached
  return code === "SOURCE_UNREADABLE"
}
