import pLimit from "p-limit"
import type { Context } from "../../contract/context.ts"
import type { Sink } from "../../contract/sink.ts"
import type { SourceFile } from "../../contract/source.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"
import { addCounts, countsOf, type DeliveryReport, noRows, type RowCounts, type RunReport } from "../../model/run-report.ts"
import type { AnyRow, Definition } from "../build/definition.ts"
import { channels } from "../trace/channels.ts"
import type { RunTrace } from "../trace/trace-messages.ts"
import { traced } from "../trace/traced.ts"
import { aborted } from "./aborted.ts"
import { deliverWithRetries } from "./retry.ts"
import { runContext } from "./run-context.ts"
import type { RunSettings } from "./run-options.ts"
import { sourceOfRun } from "./source-of-run.ts"
import { tryEach } from "./try-each.ts"

/** Delivers every file of the source, a limited number at once. After the first failure no delivery starts; the failure is thrown when the others have ended. */
export async function run(definition: Definition, options: RunSettings = {}): Promise<RunReport> {
  const context = runContext(definition, options)
  return await traced(
    channels.run,
    (): RunTrace => ({ runId: context.runId, pipeline: definition.options.name, dryRun: options.dryRun ?? false }),
    () => deliverAll(definition, options, context),
    (report) => ({ counts: countsOf(report), deliveries: report.deliveries.length }),
  )
}

async function deliverAll(definition: Definition, options: RunSettings, context: Context): Promise<RunReport> {
  const order = filesOfRun(definition)
  const limit = pLimit(order === "any" ? Math.max(1, definition.options.concurrency ?? 1) : 1)
  const pending: Promise<DeliveryReport | undefined>[] = []
  const unsettled = new Set<Promise<unknown>>()
  const ended: DeliveryReport[] = []
  const reportOf = (deliveries: readonly DeliveryReport[]): RunReport => {
    const counts = deliveries.reduce<RowCounts>(addCounts, noRows)
    return { runId: context.runId, pipeline: definition.options.name, ...countsOf(counts), deliveries }
  }
  let failure: { readonly error: unknown } | undefined
  let report: RunReport | undefined
  try {
    const files = sourceOfRun(definition, options).files(context)
    for await (const file of order === "one" ? onlyOne(files, definition) : files) {
      // List only a little ahead of loading: a bucket may hold a million keys.
      while (limit.pendingCount > 0) await Promise.race(unsettled)
      if (failure !== undefined) break
      const delivery = limit(async () => {
        if (failure !== undefined) return undefined
        try {
          const delivery = await deliverWithRetries(definition, file, context, options)
          ended.push(delivery)
          options.onDelivery?.(reportOf([...ended]))
          return delivery
        } catch (error) {
          // Record it here, before the limit starts the next delivery.
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
    report = reportOf(deliveries)
    return report
  } catch (error) {
    failure = { error: context.signal.aborted ? aborted(context.signal.reason) : error }
    throw failure.error
  } finally {
    await Promise.allSettled(pending)
    const closing = tryEach([...definition.sinks, ...definition.rejectSinks], (sink) => sink.close?.(report))
    // The failure of the run matters more than a failure to close.
    await (failure === undefined ? closing : closing.catch(() => undefined))
  }
}

/** The strictest order that a sink asks for. Corrections never replace other deliveries, so they need none. */
function filesOfRun({ sinks, corrects }: Definition): NonNullable<Sink<AnyRow>["files"]> {
  const orders = corrects === undefined ? sinks.map(({ files }) => files) : []
  return orders.find((order) => order === "one") ?? orders.find((order) => order === "in order") ?? "any"
}

/** Looks for a second file before it yields the first, so nothing is loaded if there are several. */
async function* onlyOne(files: AsyncIterable<SourceFile>, { options, sinks }: Definition): AsyncGenerator<SourceFile> {
  let only: SourceFile | undefined
  for await (const file of files) {
    if (only !== undefined) {
      const name = sinks.find((sink) => sink.files === "one")?.name
      throw new RowgateError({
        code: "CONFIG_INVALID",
        message: `The pipeline ${options.name} got several files (${only.uri}, ${file.uri}), but ${name} takes one file a run, because each file replaces the one before it.`,
        remedy: "Pack the files into one zip, or choose a mode that keeps the rows of other files.",
        origin: { uri: file.uri },
      })
    }
    only = file
  }
  if (only !== undefined) yield only
}
