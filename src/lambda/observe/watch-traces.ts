import { AsyncLocalStorage } from "node:async_hooks"
import { type Channel, channels } from "../../pipeline/trace/channels.ts"
import type { DeliveryTrace, RunTrace, SinkTrace, StageTrace } from "../../pipeline/trace/trace-messages.ts"
import type { ObservedCall } from "./observer.ts"

/** A process may handle several calls at once, except on Lambda. Each hears only of its own runs. */
const current = new AsyncLocalStorage<object>()

/** Does the work of a call, and tells the call about the deliveries that run within it. `steps` also logs each stage and each call of a sink. */
export async function watchTraces<R>(call: ObservedCall, steps: boolean, work: () => Promise<R>): Promise<R> {
  const stops = [
    subscribe<DeliveryTrace>(channels.delivery, call, {
      begin({ runId, deliveryId, attempt }) {
        call.describe({ runId, deliveryId })
        if (attempt > 1) call.retried(1)
      },
      end: (delivery) => call.delivered(delivery),
    }),
    ...(steps ? stepsOf(call) : []),
  ]
  try {
    return await current.run(call, work)
  } finally {
    for (const stop of stops) stop()
  }
}

function stepsOf(call: ObservedCall): (() => void)[] {
  const { logger } = call
  const begun = new WeakMap<object, number>()
  const begin = (message: object) => void begun.set(message, performance.now())
  const ms = (message: object) => Math.round(performance.now() - (begun.get(message) ?? Number.NaN))
  return [
    subscribe<RunTrace>(channels.run, call, {
      begin,
      end: (run) => logger.debug({ runId: run.runId, deliveries: run.deliveries, ...run.counts, ms: ms(run) }, "the run ended"),
    }),
    subscribe<StageTrace>(channels.stage, call, {
      begin: ({ stage, position, uri }) => logger.debug({ uri, position }, `the stage ${stage} begins`),
      end: ({ stage, position, uri, batches, rows, passed, ms }) =>
        logger.debug({ uri, position, batches, rows, passed, ms: Math.round(ms ?? 0) }, `the stage ${stage} ended`),
    }),
    subscribe<SinkTrace>(channels.sink, call, {
      begin,
      end: (step) => logger.debug({ uri: step.uri, rows: step.rows, ms: ms(step) }, `${step.operation} of ${step.sink} ended`),
    }),
  ]
}

function subscribe<M extends object>(
  channel: Channel,
  call: ObservedCall,
  { begin, end }: { readonly begin: (message: M) => void; readonly end: (message: M) => void },
): () => void {
  const own = (listen: (message: M) => void) => (message: object) => {
    if (current.getStore() === call) listen(message as M)
  }
  const subscribers = { start: own(begin), asyncEnd: own(end), end() {}, asyncStart() {}, error() {} }
  channel?.subscribe(subscribers)
  return () => void channel?.unsubscribe(subscribers)
}
