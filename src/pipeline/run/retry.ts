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
 * Delivers a file, and tries again if the failure may be temporary. Every attempt starts from nothing: the sessions of the last attempt are
 * undone, the file is read from its first byte, and counts start at 0. After a sink has committed, nothing is tried again.
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
      // Full jitter: loads that collided must not come back at the same time.
      const pauseMs = Math.round(Math.random() * Math.min(maxDelayMs, delayMs * 2 ** (attempt.number - 1)))
      const { code, message } = error
      context.logger.warn({ uri: file.uri, code, message, attempt: attempt.number, pauseMs }, "the delivery failed and will be tried again")
      await wait(pauseMs, undefined, { signal: context.signal })
    }
  }
}

function mayPass(error: unknown, { reached, decided }: DeliveryAttempt): error is RowgateError {
  if (!(error instanceof RowgateError) || !error.retryable || decided) return false
  const { code, cause } = error
  if (code === "LEASE_LOST") return true
  // Without a cause, the sink reports that another run has the file, and its options say not to wait.
  if (code === "SINK_BUSY") return cause !== undefined
  // Sinks already wait when they connect. If the target was never reached, its address is probably wrong, and the user should hear soon.
  if (code === "SINK_UNREACHABLE") return reached
  return code === "SOURCE_UNREADABLE"
}
