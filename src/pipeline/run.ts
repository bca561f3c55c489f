import pLimit from "p-limit"
import { addCounts, type DeliveryReport, noRows, type RunReport } from "../model/run-report.ts"
import { aborted } from "./aborted.ts"
import { attemptAll } from "./attempt-all.ts"
import type { Definition } from "./definition.ts"
import type { RunOptions } from "./pipeline.ts"
import { deliverWithRetries } from "./retry.ts"
import { runContext } from "./run-context.ts"

/** Every file of the source as a delivery, a bounded number at once. The first failure stops what has not begun, and is thrown when the rest has ended. */
export async function run(definition: Definition, options: RunOptions = {}): Promise<RunReport> {
  const context = runContext(definition, options)
  const limit = pLimit(Math.max(1, definition.options.concurrency ?? 1))
  const pending: Promise<DeliveryReport | undefined>[] = []
  const unsettled = new Set<Promise<unknown>>()
  let failure: { readonly error: unknown } | undefined
  let report: RunReport | undefined
  try {
    for await (const file of (options.source ?? definition.source).files(context)) {
      // Listing stays a little ahead of loading: a bucket may hold a million keys.
      while (limit.pendingCount > 0) await Promise.race(unsettled)
      if (failure !== undefined) break
      const delivery = limit(async () => {
        if (failure !== undefined) return undefined
        try {
          return await deliverWithRetries(definition, file, context, options)
        } catch (error) {
          // Noted in here, before the limit lets the next one begin.
          failure ??= { error }
          return undefined
        }
      })
      pending.push(delivery)
      unsettled.add(delivery)
      void delivery.finally(() => unsettled.delete(delivery))
    }
    const deliveries = (await Promise.all(pending)).filter((delivery) => delivery !== undefined)
    if (failure !== undefined) throw failure.error
    const counts = deliveries.reduce(addCounts, noRows)
    const { read, loaded, rejected, filtered, superseded, skipped, withheld } = counts
    report = {
      runId: context.runId,
      pipeline: definition.options.name,
      read,
      loaded,
      rejected,
      filtered,
      superseded,
      skipped,
      withheld,
      deliveries,
    }
    return report
  } catch (error) {
    failure = { error: context.signal.aborted ? aborted(context.signal.reason) : error }
    throw failure.error
  } finally {
    await Promise.allSettled(pending)
    const closing = attemptAll([...definition.sinks, ...definition.rejectSinks], (sink) => sink.close?.(report))
    // Why the run failed is worth more than what went wrong afterwards.
    await (failure === undefined ? closing : closing.catch(() => undefined))
  }
}
